/** Whole chains of our plugins: each takes the result of the one before, and CHECK of each bears what those behind it have done. */
import { afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Command, JsonObject } from "../../src/cni/index.ts";
import { type Answer, call, sh } from "./chained-call.ts";
import { DATA, both, link, preparePlugins, routes } from "./main-plugin.ts";

beforeAll(preparePlugins);
beforeEach(() => void sh("ip netns add a"));
afterEach(() => {
  sh(`ip netns del a; for l in $(ip -o link show type veth | cut -d' ' -f2 | sed 's/[@:].*//'); do ip link del $l 2>/dev/null || true; done
    ip link del br0 2>/dev/null || true; rm -rf ${DATA}; nft flush ruleset`);
});

type Conf = JsonObject & { readonly type: string };

/** The commands of a runtime: ADD from plugin to plugin, then the last result to each. */
class Chain {
  readonly #plugins: readonly Conf[];
  result: unknown;
  constructor(...plugins: readonly Conf[]) {
    this.#plugins = plugins;
  }

  async add(): Promise<Answer["out"]> {
    for (const conf of this.#plugins) {
      const { exit, out, log } = await this.#one("ADD", conf, this.result);
      expect({ type: conf.type, exit, out, log }).toEqual({ type: conf.type, exit: 0, out, log: [] });
      this.result = out;
    }
    return this.result;
  }

  /** What the plugins say, in the order in which they are called. */
  async tell(command: Command): Promise<readonly string[]> {
    const said: string[] = [];
    for (const conf of command === "DEL" ? this.#plugins.toReversed() : this.#plugins) {
      const { exit, out } = await this.#one(command, conf, this.result);
      said.push(exit === 0 && out === undefined ? "" : `${conf.type}: ${out?.msg}`);
    }
    return said;
  }

  #one(command: Command, { type, ...conf }: Conf, prevResult: unknown): Promise<Answer> {
    return call(
      type,
      command,
      { pod: "a", path: "/run/cni-bin" },
      { ...conf, ...(prevResult === undefined ? {} : { prevResult }) },
    );
  }
}

const bridge: Conf = { type: "bridge", bridge: "br0", isGateway: true, ipMasq: true, macspoofchk: false, ipam: both };
const tuning: Conf = { type: "tuning", mac: "02:00:00:00:00:77", mtu: 1400, promisc: true };
const portmap: Conf = {
  type: "portmap",
  runtimeConfig: { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: "tcp" }] },
};
const limit: Conf = { type: "bandwidth", ingressRate: 8_000_000, ingressBurst: 8_000_000 };
const firewall: Conf = { type: "firewall", backend: "nftables" };

test.each([
  ["bridge", bridge],
  ["ptp", { type: "ptp", ipMasq: true, ipam: both }],
])("%s and all that may follow: CHECK is content with routes and addresses that were moved", async (_, first: Conf) => {
  const chain = new Chain(first, tuning, portmap, limit, firewall, { type: "sbr" });
  const result = await chain.add();
  expect(result.ips).toHaveLength(2);
  const pod = result.interfaces.find(({ sandbox }: { sandbox?: string }) => sandbox !== undefined);
  expect(pod).toMatchObject({ name: "eth0", mac: "02:00:00:00:00:77", mtu: 1400 });
  expect(link("eth0", "a")).toMatchObject({ address: "02:00:00:00:00:77", mtu: 1400 });
  // Nothing is where the first plugin has put it.
  expect(routes("a", 4)).toEqual([]);
  expect(await chain.tell("CHECK")).toEqual(["", "", "", "", "", ""]);
  sh("ip -n a route flush table 100");
  expect(await chain.tell("CHECK")).toEqual([
    `${first.type}: CHECK: there is no route to 10.7.0.0/24`,
    "",
    "",
    "",
    "",
    "sbr: table 100 has no default route by eth0 for packets from 10.7.0.2",
  ]);
  for (let i = 0; i < 2; i++) expect(await chain.tell("DEL")).toEqual(["", "", "", "", "", ""]);
  expect(sh("nft list ruleset")).not.toContain("net1/eth0");
  expect(sh("ip -n a -br link")).not.toContain("eth0");
});

const hasVrf = Bun.spawnSync(["unshare", "-n", "ip", "link", "add", "v", "type", "vrf", "table", "7"], {
  stderr: "ignore",
}).success;
test.skipIf(!hasVrf)("bridge and vrf: CHECK is content with the VRF's table (needs CONFIG_NET_VRF)", async () => {
  const chain = new Chain(bridge, { type: "vrf", vrfname: "blue" });
  await chain.add();
  expect(await chain.tell("CHECK")).toEqual(["", ""]);
  expect(await chain.tell("DEL")).toEqual(["", ""]);
});
