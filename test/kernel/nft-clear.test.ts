import { expect, test } from "bun:test";
import { type OpOf, type Op } from "../../src/change/index.ts";
import { RealKernel } from "../../src/kernel/index.ts";
import { parseIp } from "../../src/values/index.ts";
import { sh } from "./chained-call.ts";

const has = Bun.which("nft") !== null && Bun.which("iptables") !== null;
const kernel = new RealKernel({ places: { host: "" } });
const clear = (family: "ip" | "ip6", name: string, what: OpOf<"nft.clear">["what"]): Op => ({
  do: "nft.clear",
  netns: "host",
  table: { family, name },
  what,
});

test.skipIf(!has)(`rules with a comment go, others stay${has ? "" : " (needs the program nft)"}`, () => {
  sh(`nft -f - <<'X'
table ip cni_hostport {
  chain hostports { tcp dport 80 accept comment "c1"; tcp dport 81 accept comment "c12"; tcp dport 82 accept; }
  chain masquerading { tcp dport 83 accept comment "c1"; }
}
X`);
  kernel.run([clear("ip", "cni_hostport", { comment: "c1" }), clear("ip6", "cni_hostport", { comment: "c1" })]);
  const left = () => sh("nft list table ip cni_hostport").match(/dport \d+/g) ?? [];
  expect(left()).toEqual(["dport 81", "dport 82"]);
  kernel.run([clear("ip", "cni_hostport", { comment: "c1" })]);
  kernel.run([clear("ip", "cni_hostport", { comment: "c1", begins: true })]);
  expect(left()).toEqual(["dport 82"]);
});

test.skipIf(!has)(`a chain of iptables goes with what leads to it${has ? "" : " (needs the program iptables)"}`, () => {
  sh(`iptables -t nat -N CNI-A; iptables -t nat -N CNI-B; iptables -t nat -A CNI-A -p tcp --dport 80 -j DNAT --to 10.0.0.1:80
      iptables -t nat -A PREROUTING -p tcp -m multiport --dports 80,81 -j CNI-A; iptables -t nat -A PREROUTING -j CNI-B
      iptables -t nat -A OUTPUT -m addrtype --dst-type LOCAL -j CNI-A`);
  expect(kernel.hasChain("host", { family: "ip", name: "nat" }, "CNI-A")).toBe(true);
  kernel.run([clear("ip", "nat", { chain: "CNI-A" })]);
  expect(kernel.hasChain("host", { family: "ip", name: "nat" }, "CNI-A")).toBe(false);
  expect(
    sh("iptables -t nat -S")
      .split("\n")
      .filter((line) => line.includes("CNI")),
  ).toEqual(["-N CNI-B", "-A PREROUTING -j CNI-B"]);
  kernel.run([clear("ip", "nat", { chain: "CNI-A" }), clear("ip", "none", { chain: "CNI-A" })]);
});

test.skipIf(!has)(`rules of iptables by comment and by address${has ? "" : " (needs the program iptables)"}`, () => {
  sh(`iptables -N F; iptables -A F -d 10.8.0.4/32 -m conntrack --ctstate ESTABLISHED -m comment --comment "netloom a" -j ACCEPT
      iptables -A F -s 10.8.0.4/32 -m comment --comment "netloom a/b" -j ACCEPT; iptables -A F -s 10.8.0.5/32 -j ACCEPT
      iptables -A F -d 10.8.0.5/32 -m conntrack --ctstate RELATED -j ACCEPT; iptables -A F -s 10.8.0.6/32 -j ACCEPT
      iptables -A F -s 10.8.0.5/32 -m comment --comment "another" -j ACCEPT
      ip6tables -N F; ip6tables -A F -s fd08::5/128 -j ACCEPT; ip6tables -A F -s fd08::6/128 -j ACCEPT`);
  const left = () =>
    sh("iptables -S F; ip6tables -S F")
      .split("\n")
      .filter((line) => line.startsWith("-A"));
  kernel.run([clear("ip", "filter", { comment: "netloom a" })]);
  expect(left()[0]).toBe('-A F -s 10.8.0.4/32 -m comment --comment "netloom a/b" -j ACCEPT');
  kernel.run([
    clear("ip", "filter", { comment: "netloom", begins: true }),
    clear("ip", "filter", { rulesOf: "F", address: parseIp("10.8.0.5") }),
    clear("ip6", "filter", { rulesOf: "F", address: parseIp("fd08::5") }),
    clear("ip", "filter", { rulesOf: "NONE", address: parseIp("10.8.0.6") }),
  ]);
  expect(left()).toEqual([
    "-A F -s 10.8.0.6/32 -j ACCEPT",
    `-A F -s 10.8.0.5/32 -m comment --comment another -j ACCEPT`,
    "-A F -s fd08::6/128 -j ACCEPT",
  ]);
});
