import { expect, test } from "bun:test";
import { flowSocket, forgetFlows, listFlows } from "../../src/conntrack/index.ts";

/** The witness: /proc/net/nf_conntrack, where the kernel has CONFIG_NF_CONNTRACK_PROCFS. */
const seen = (): readonly string[] => {
  const run = Bun.spawnSync(["cat", "/proc/net/nf_conntrack"]);
  return run.stdout
    .toString()
    .split("\n")
    .filter((line) => line.includes("udp"));
};
const to = (port: number) => seen().filter((line) => line.includes(`dport=${port} [`)).length;

const sh = (script: string) => {
  const run = Bun.spawnSync(["bash", "-ec", script]);
  if (run.exitCode !== 0) throw new Error(run.stderr.toString());
};

sh("ip link set lo up; ip addr add 10.0.0.1/8 dev lo");
/** Nothing is tracked before some rule asks for it. */
const has = Bun.which("nft") !== null;

test.skipIf(!has)(`flows to a port are forgotten, others stay${has ? "" : " (needs the program nft)"}`, () => {
  sh(`nft -f - <<'X'
table inet t { chain c { type filter hook output priority 0; ct state new counter; }; }
X`);
  sh("echo x >/dev/udp/10.0.0.2/8053; echo y >/dev/udp/10.0.0.2/8054; echo z >/dev/udp/::1/8053");
  expect([to(8053), to(8054)]).toEqual([2, 1]);
  using socket = flowSocket();
  const wanted = { family: 4, protocol: "udp", port: 8053 } as const;
  expect(socket.dump(listFlows(wanted))).toMatchObject([{ family: 4, dstPort: 8053, dst: "10.0.0.2" }]);
  expect(forgetFlows(socket, wanted)).toBe(1);
  expect([to(8053), to(8054)]).toEqual([1, 1]);
  expect(forgetFlows(socket, wanted)).toBe(0);
  expect(forgetFlows(socket, { ...wanted, family: 6 })).toBe(1);
  expect([to(8053), to(8054)]).toEqual([0, 1]);
});
