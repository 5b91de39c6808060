import type { Job, LocalNode } from "../../pods/index.ts";
import { listDir } from "../../sys/index.ts";
import { parseIfName, tryIfName } from "../../values/index.ts";

const RESULTS = "/tmp";

/** Pods that were attached by CNI give back their addresses before they go. @throws {PodsError} `conflict`, `missing`, `failed` */
export async function detach(job: Job, node: LocalNode, names: readonly string[]): Promise<void> {
  const results = new Set(listDir(RESULTS));
  const attached = names.filter((name) => results.has(`${name}.json`) && tryIfName(name) !== undefined);
  if (attached.length === 0) return;
  const { CNI_CONF, stopCni } = await import("../../pods/cni.ts");
  if (!(await Bun.file(CNI_CONF).exists())) return;
  const { podInterface } = node.settings;
  await stopCni(
    job,
    attached.map((text) => {
      const name = parseIfName(text);
      return { name, number: 0, ifname: podInterface === undefined ? name : parseIfName(podInterface) };
    }),
  );
}
