/** One network, many containers at once: each comes and goes as it likes, and GC runs beside them. */
import { expect, test } from "bun:test";
import { eventually } from "../eventually.ts";
import { Box } from "./box.ts";
import { pluginPath, supply } from "./caller.ts";
import type { Command, Conf } from "./case.ts";
import { ours, type PluginFolder } from "./plugin-folders.ts";
import { remains } from "./runtimes/scene.ts";

const ranges = [[{ subnet: "10.7.0.0/24" }], [{ subnet: "fd07::/64" }]];
const limits = { ingressRate: 80e6, ingressBurst: 8e6, egressRate: 80e6, egressBurst: 8e6 };
const chain = (hostPort: number): readonly Conf[] => [
  {
    type: "bridge",
    bridge: "br0",
    isGateway: true,
    ipMasq: true,
    macspoofchk: true,
    ipam: { type: "host-local", ranges },
  },
  { type: "portmap", runtimeConfig: { portMappings: [{ hostPort, containerPort: 80, protocol: "tcp" }] } },
  { type: "bandwidth", ...limits },
  { type: "tuning", mtu: 1400 },
  { type: "firewall", ingressPolicy: "isolated" },
];

interface Container {
  readonly id: string;
  readonly netns: string;
  readonly plugins: readonly Conf[];
}

/** How a container leaves. */
const ways = ["DEL", "DEL twice at once", "its namespace goes while DEL comes", "without a word"] as const;

class Crowd {
  readonly #box: Box;
  readonly refused: string[] = [];

  constructor(box: Box) {
    this.#box = box;
  }

  async #call(command: Command, { id, netns }: Container, conf: Conf, more: Conf): Promise<unknown> {
    const env = {
      CNI_COMMAND: command,
      ...(command === "GC" ? {} : { CNI_CONTAINERID: id, CNI_NETNS: netns, CNI_IFNAME: "eth0" }),
      CNI_PATH: pluginPath,
    };
    const stdin = JSON.stringify({ cniVersion: "1.1.0", name: "net1", ...conf, ...more });
    const run = this.#box.start([`${pluginPath}/${String(conf["type"])}`], { env, stdin });
    const said = await run.stdout.text();
    if ((await run.exited) !== 0) this.refused.push(`${command} ${String(conf["type"])} ${id}: ${said}`);
    return said === "" ? undefined : JSON.parse(said);
  }

  /** The chain as a runtime calls it; DEL without a result, as after a runtime's restart. */
  async #chain(command: Command, container: Container, result?: unknown): Promise<unknown> {
    let prevResult = result;
    for (const conf of command === "DEL" ? container.plugins.toReversed() : container.plugins) {
      const answer = await this.#call(command, container, conf, prevResult === undefined ? {} : { prevResult });
      prevResult = answer ?? prevResult;
    }
    return prevResult;
  }

  async live(id: string, hostPort: number, way: (typeof ways)[number]): Promise<void> {
    const container = { id, netns: `/run/netns/${id}`, plugins: chain(hostPort) };
    this.#box.run(["ip", "netns", "add", id]);
    const result = await this.#chain("ADD", container);
    await this.#chain("CHECK", container, result);
    if (way === "DEL twice at once") {
      await Promise.all([this.#chain("DEL", container), this.#chain("DEL", container)]);
    } else if (way === "DEL") {
      await this.#chain("DEL", container);
    }
    this.#box.run(["ip", "netns", "delete", id]);
    if (way.endsWith("DEL comes")) await this.#chain("DEL", { ...container, netns: "" });
  }

  /** @param ids - of the containers that are not garbage */
  async collect(ids: readonly string[]): Promise<void> {
    const valid = ids.map((containerID) => ({ containerID, ifname: "eth0" }));
    const more = { "cni.dev/valid-attachments": valid, "cni.dev/attachments": valid };
    for (const conf of chain(1)) await this.#call("GC", { id: "", netns: "", plugins: [] }, conf, more);
  }
}

async function mix(folder: PluginFolder): Promise<void> {
  using box = await Box.open();
  supply(box, folder, folder);
  const crowd = new Crowd(box);
  const ids = Array.from({ length: 12 }, (_, at) => `p${at}`);
  const rows = Array.from({ length: 6 }, (_, row) => ids.filter((_id, at) => at % 6 === row));
  let isOver = false;
  const collector = (async () => {
    while (!isOver) await crowd.collect(ids);
  })();
  await Promise.all(
    rows.map(async (row, at) => {
      for (const [turn, id] of row.entries()) await crowd.live(id, 8000 + at, ways[(at + turn) % ways.length] ?? "DEL");
    }),
  );
  isOver = true;
  await collector;
  expect(crowd.refused).toEqual([]);
  await crowd.collect([]);
  expect(crowd.refused).toEqual([]);
  // The kernel takes links of namespaces that are gone in its own time.
  await eventually("nothing remains", () => remains(box, ["p0", "p1", "10.7.0."]).length === 0);
  expect(box.run("nft list tables")).toBe("");
}

if (ours === undefined) test.skip("a crowd (needs the executable; test/cni/setup builds it)", () => {});
else {
  const folder = ours;
  test("ADD, CHECK, DEL and GC at once on one network: none fails, and nothing remains", () => mix(folder));
}
