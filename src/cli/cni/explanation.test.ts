import { expect, test } from "bun:test";
import type { Op } from "../../change/index.ts";
import { parseList } from "../../cni/runtime/index.ts";
import { masquerade, rule } from "../../nft/index.ts";
import { printExplanation } from "./explanation.ts";

test("a transaction of nft has a line for each command, within the quotes", () => {
  const list = parseList('{"cniVersion":"1.0.0","name":"net1","plugins":[{"type":"bridge"}]}', "net1.conflist");
  const op: Op = {
    do: "nft.put",
    netns: "host",
    table: { family: "inet", name: "t", comment: "ours", roles: ["pod"], sets: [], chains: [] },
    owner: "net1/eth0/c1",
    own: { rules: { pod: [rule([masquerade])] } },
  };
  const attachment = { containerId: "c1", ifname: "eth0", netns: "/run/netns/a" };
  const text = printExplanation(list, attachment, { steps: [{ kind: "op", op }] }, "text");
  expect(text.split("\n").slice(1)).toEqual([
    `ip netns exec host nft 'add table inet t { comment "ours"; };`,
    "  add chain inet t pod/net1/eth0/c1;",
    "  flush chain inet t pod/net1/eth0/c1;",
    `  add rule inet t pod/net1/eth0/c1 masquerade comment "netloom net1/eth0/c1"'`,
    "",
  ]);
});
