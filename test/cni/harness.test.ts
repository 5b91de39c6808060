/** That the comparison sees what it should: the reference against itself, and against Debian's older release. */
import { describe, expect, test } from "bun:test";
import type { Case } from "./case.ts";
import { differ } from "./compare.ts";
import { type Finding, explained, readDifferences, stale } from "./differences.ts";
import { debian, noReference, reference } from "./plugin-folders.ts";

const chain: Case = {
  name: "chain",
  chain: [
    {
      type: "bridge",
      bridge: "br0",
      isGateway: true,
      ipMasq: true,
      ipam: {
        type: "host-local",
        ranges: [[{ subnet: "10.7.0.0/24" }], [{ subnet: "fd07::/64" }]],
        routes: [{ dst: "0.0.0.0/0" }],
      },
    },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
  // No CHECK: that of 1.1.1's portmap fails now and then when there are two families.
  steps: (["ADD", "DEL", "DEL"] as const).map((call) => ({
    call,
    runtimeConfig: { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: "tcp" }] },
  })),
};

const table = `
| id | where | only the reference | only netloom | why |
|---|---|---|---|---|
| \`mode\` | \`test/*\` | \`host file /var/lib/cni/networks/net1/* f 600 = *\` | \`host file /var/lib/cni/networks/net1/* f 644 = *\` | 1.1.1 lets everybody read them |
| \`keep\` | \`test/*\` | \`a sysctl net/ipv6/conf/eth0/keep_addr_on_down = 1\` | \`a sysctl net/ipv6/conf/eth0/keep_addr_on_down = 0\` | came later |
| \`queue\` | \`test/chain\` | \`a link eth0 txqlen 1000\` | \`a link eth0 txqlen none\` | 1.1.1 asks for a queue of length 0 |
`;

if (reference === undefined || debian === undefined) {
  test.skip(`the comparison sees differences ${noReference}`, () => {});
} else {
  const [newest, older] = [reference, debian];
  describe("the comparison", () => {
    const rows = readDifferences(table);
    let findings: readonly Finding[] = [];

    test("finds nothing between the reference and itself", async () => {
      expect((await differ("test", chain, newest, newest)).findings).toEqual([]);
    });

    test("finds between it and Debian's release what is known, and no more", async () => {
      ({ findings } = await differ("test", chain, newest, older));
      expect(findings.filter((found) => explained(found, rows).length === 0)).toEqual([]);
      expect(stale(rows, findings, ["test/chain"])).toEqual([]);
    });

    test("takes a difference that is not listed, and one that is no longer there, for faults", () => {
      const [first, ...others] = rows;
      expect(findings.filter((found) => explained(found, others).length === 0).length).toBeGreaterThan(0);
      const moved = readDifferences(table.replace("f 644", "f 666"));
      expect(stale(moved, findings, ["test/chain"])).toEqual([
        `${first?.id} test/*: only netloom: host file /var/lib/cni/networks/net1/* f 666 = *`,
      ]);
    });
  });
}
