/**
 * A plugin that is killed in the middle of ADD, at every request to the kernel and every change of a file, one after
 * another; afterwards DEL, or GC, leaves nothing. strace kills: the system call it stops at is not made any more.
 */
import { describe, expect, test } from "bun:test";
import { Box } from "./box.ts";
import { Caller, pluginPath, supply } from "./caller.ts";
import type { CallStep, Conf } from "./case.ts";
import { namesIn, ours } from "./plugin-folders.ts";
import { remains } from "./runtimes/scene.ts";

const ipam: Conf = {
  type: "host-local",
  ranges: [[{ subnet: "10.7.0.0/24" }], [{ subnet: "fd07::/64" }]],
  routes: [{ dst: "0.0.0.0/0" }],
};
const bridge: Conf = { type: "bridge", bridge: "br0", isGateway: true, ipMasq: true, macspoofchk: true, ipam };
const bandwidth: Conf = {
  type: "bandwidth",
  ingressRate: 8_000_000,
  ingressBurst: 8_000_000,
  egressRate: 8_000_000,
  egressBurst: 8_000_000,
};

/** The last plugin of each chain is the one that is killed. */
const chains: readonly (readonly Conf[])[] = [
  [bridge],
  [{ type: "ptp", ipMasq: true, ipam }],
  [{ type: "macvlan", master: "wire", ipam }],
  [bridge, { type: "portmap", capabilities: { portMappings: true } }],
  [bridge, bandwidth],
  [bridge, { type: "tuning", mtu: 1400, mac: "02:00:00:00:00:77", promisc: true }],
  [bridge, { type: "firewall" }],
];

/** System calls that change something, or ask the kernel to. */
const deadly = ["sendto", "linkat", "renameat", "mkdirat", "unlinkat", "write"];
const runtimeConfig = { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: "tcp" }] };
const add: CallStep = { call: "ADD", runtimeConfig };

/** All that could be left of the container. */
function left(box: Box, { call }: CallStep, chain: readonly Conf[]): unknown {
  // GC is told no namespace: what was made in the container's goes with that.
  const elsewhere = call === "GC" && chain.some(({ type }) => type === "macvlan");
  if (elsewhere) box.sh("ip -n a link del eth0 2>/dev/null || true");
  return {
    host: remains(box, ["10.7.0.2", "fd07::2", "c1"]),
    hidden: box.sh("find /run /var/lib/cni -name '.*' -type f -size +0"),
    pod: box
      .run("ip -n a -br link")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("lo ")),
    rules: box.sh("nft -s list ruleset"),
  };
}

/** Makes `strace` kill the plugin at one call; `undefined` when it got through. */
function killed(box: Box, type: string, syscall: string, at: number): void {
  const options = `-f -qq -o /dev/null -e trace=${syscall} -e inject=${syscall}:signal=SIGKILL:when=${at}`;
  box.sh(`rm -f ${pluginPath}/${type}
printf '#!/bin/sh\\n[ "$CNI_COMMAND" = ADD ] || exec /run/whole/${type}\\nexec strace ${options} /run/whole/${type}\\n' >${pluginPath}/${type}
chmod +x ${pluginPath}/${type}`);
}

async function killEverywhere(chain: readonly Conf[], after: CallStep): Promise<number> {
  if (ours === undefined) throw new Error("there is no executable");
  using box = await Box.open();
  supply(box, ours, ours);
  const type = String(chain.at(-1)?.["type"]);
  box.sh(`mkdir /run/whole; cp -P ${pluginPath}/* /run/whole; ip netns add a
ip link add wire type veth peer name wirep; ip link set wire up; ip link set wirep up`);
  const call = (step: CallStep): readonly string[] =>
    new Caller(box, "1.1.0", chain)
      .call(step)
      .filter(({ code }) => code !== 0)
      .map((answer) => `${step.call} of ${answer.type}: ${answer.stdout}${answer.stderr}`);
  // What stays is there from the first time on: the bridge, the names of the addresses given last.
  expect([...call(add), ...call({ ...add, call: "DEL", prevResult: false })]).toEqual([]);
  const before = left(box, after, chain);
  expect(before).toMatchObject({ host: [], hidden: "", pod: [] });

  let deaths = 0;
  for (const syscall of deadly) {
    for (let at = 1; ; at++) {
      killed(box, type, syscall, at);
      const got = call(add).length === 0;
      const failed = call(after);
      expect({ syscall, at, failed, left: left(box, after, chain) }).toEqual({ syscall, at, failed: [], left: before });
      if (got) break;
      deaths++;
    }
  }
  return deaths;
}

const strace = Bun.which("strace");
describe.skipIf(ours === undefined || strace === null)(
  "killed in the middle of ADD (needs the executable and strace)",
  () => {
    for (const chain of chains) {
      const types = chain.map(({ type }) => String(type));
      const name = types.join(" + ");
      const lacking =
        ours === undefined
          ? []
          : types.filter((type) => !namesIn(ours as { title: string; path: string }).includes(type));
      if (lacking.length > 0) {
        test.skip(`${name} (netloom has no ${lacking.join(", ")} yet)`, () => {});
        continue;
      }
      test(`${name}: DEL without a result leaves nothing`, async () => {
        expect(await killEverywhere(chain, { ...add, call: "DEL", prevResult: false })).toBeGreaterThan(2);
      });
      test(`${name}: GC leaves nothing`, async () => {
        expect(await killEverywhere(chain, { call: "GC", valid: [], prevResult: false })).toBeGreaterThan(2);
      });
    }
  },
);
