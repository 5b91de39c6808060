import { describe, expect, test } from "bun:test";
import { printOp } from "../change/index.ts";
import { MemoryKernel } from "../kernel/memory.ts";
import { parseIfName, parseMac, parsePrefix } from "../values/index.ts";
import { masqueradeDelete, masqueradePut, masqueradeTable } from "./_masquerade.ts";
import { networkPrefix, ownerOf } from "./_owner.ts";
import { spoofCheckDelete, spoofCheckPut, spoofCheckTable } from "./_spoof-check.ts";

const identity = { network: "n1", containerId: "m2", ifname: "eth0" };
const other = { ...identity, ifname: "eth1" };

function kernel(): MemoryKernel {
  const made = new MemoryKernel();
  made.run([{ do: "netns.create", netns: "host", owner: "netloom:x", hostname: "x" }]);
  return made;
}

describe("an owner", () => {
  test("is network, interface and container", () => {
    expect(ownerOf(identity)).toBe("n1/eth0/m2");
  });

  test("begins with its network, however long both are", () => {
    const network = "n".repeat(200);
    for (const containerId of ["m", "f".repeat(64), "f".repeat(200)]) {
      const owner = ownerOf({ network, containerId, ifname: "e".repeat(15) });
      expect(owner.startsWith(networkPrefix(network))).toBe(true);
      expect(owner.length).toBeLessThanOrEqual(111);
    }
    expect(networkPrefix(network)).not.toBe(networkPrefix(`${network}n`));
  });
});

test("each address is masqueraded except to its own subnet", () => {
  const text = printOp(masqueradePut("host", identity, [parsePrefix("10.8.0.4/24"), parsePrefix("fd08::3/64")]));
  expect(text).toContain("ip saddr 10.8.0.4 ip daddr != 10.8.0.0/24 masquerade");
  expect(text).toContain("ip6 saddr fd08::3 ip6 daddr != fd08::/64 masquerade");
  expect(text).toContain('pods4 { 10.8.0.4 comment "netloom n1/eth0/m2" : goto pod/n1/eth0/m2 }');
  expect(text).toContain("ip daddr 224.0.0.0/4 return");
});

test("two attachments of a container to a network are apart", () => {
  using host = kernel();
  const put = masqueradePut("host", identity, [parsePrefix("10.8.0.4/24")]);
  host.run([put, masqueradePut("host", other, [parsePrefix("10.8.0.5/24")])]);
  host.run([masqueradeDelete("host", other)]);
  expect(host.missingRules(put)).toEqual([]);
  expect(host.ruleOwners("host", masqueradeTable)).toEqual(["n1/eth0/m2"]);
});

test("the spoof check goes with its attachment, by whatever port", () => {
  using host = kernel();
  const put = spoofCheckPut("host", identity, parseIfName("veth1"), parseMac("02:00:00:00:00:01"));
  expect(printOp(put)).toContain("ether saddr != 02:00:00:00:00:01 drop");
  host.run([put]);
  expect(host.missingRules(put)).toEqual([]);
  host.run([spoofCheckDelete("host", identity)]);
  expect(host.ruleOwners("host", spoofCheckTable)).toEqual([]);
});
