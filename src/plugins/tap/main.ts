import { CniError, POD, type Plugin, type Work, codes, specVersions } from "../../cni/index.ts";
import { identity } from "../../sys/index.ts";
import { releaseAddresses, releaseAll } from "../_release.ts";
import { addSingle, delSingle } from "../_single.ts";
import { planTap } from "./plan.ts";
import { type TapConf, readTap } from "./schema.ts";

const DEVICE = "/dev/net/tun";

/** Gives a container a device whose packets a program reads and writes. */
export const tap: Plugin<TapConf> = {
  name: "tap",
  about: "gives a container a tap device",
  versions: specVersions,

  parse: readTap,

  add(conf, call, work) {
    const { ipam, dns, bridge } = conf;
    if (bridge !== undefined) needBridge(bridge, work);
    return addSingle(call, work, {
      ...(ipam !== undefined && { ipam }),
      make: (pod) => planTap(conf, pod),
      announce: true,
      ...(dns && { dns }),
    });
  },

  del: ({ ipam }, call, work) => delSingle(ipam, call, work),

  async check({ ipam, bridge }, call, work) {
    const { checkSingle } = await import("../_check-single.ts");
    await checkSingle(call, work, ipam, "tun", ({ name, master }) =>
      bridge === undefined || master === bridge ? [] : [`${name} is no port of ${bridge}`],
    );
  },

  async status({ ipam }, _call, work) {
    const { needAddresses } = await import("../_ready.ts");
    if (identity(DEVICE) === undefined) {
      throw new CniError(
        codes.notAvailable,
        `not ready: there is no ${DEVICE}`,
        "the kernel needs CONFIG_TUN, or its module",
      );
    }
    await needAddresses(work, ipam);
  },

  gc: ({ ipam }, call, work) => releaseAll(call, releaseAddresses(ipam, call, work)),
};

function needBridge(name: string, { kernel }: Work): void {
  const kind = kernel.link(POD, name)?.kind;
  if (kind === "bridge") return;
  throw new CniError(
    codes.missing,
    `cannot ADD: the container has no bridge ${name}`,
    `at bridge: name a bridge of the container's namespace${kind === undefined ? "" : `; its ${name} is a ${kind}`}`,
  );
}
