import { describe, expect, test } from "bun:test";
import { printOp } from "../../change/index.ts";
import type { JsonObject, Result } from "../../cni/index.ts";
import { printElement, printRule } from "../../nft/index.ts";
import { parseIp } from "../../values/index.ts";
import { bridged, callWith, eth0, faultOf } from "../_call-fixture.ts";
import { Saved } from "../_iptables.ts";
import { CALL, type Message, decode, encode, lengthOf } from "./_message.ts";
import { setUp, staleAdmissions, tearDown } from "./iptables.ts";
import { addressesOf, bridgeOf, firewallClear, firewallPut, isolatePort } from "./plan.ts";
import { type IngressPolicy, parseFirewall } from "./schema.ts";

const addresses = addressesOf(bridged);
const call = callWith({});

function lines(policy: IngressPolicy): readonly string[] {
  const { own } = firewallPut(call, addresses, policy, bridgeOf(bridged, policy));
  return [
    ...Object.entries(own.rules).flatMap(([role, rules]) => rules.map((rule) => `${role}: ${printRule(rule)}`)),
    ...(own.elements ?? []).flatMap(({ set, elements }) => elements.map((one) => `${set}: ${printElement(one)}`)),
  ];
}

describe("the plan for nftables", () => {
  test("open: what it sends, and the answers", () => {
    expect(lines("open")).toEqual([
      "to: ct state established,related accept",
      "from: accept",
      "to4: 10.0.0.2 : jump to/net1/eth0/c1",
      "from4: 10.0.0.2 : jump from/net1/eth0/c1",
      "to6: fd00::2 : jump to/net1/eth0/c1",
      "from6: fd00::2 : jump from/net1/eth0/c1",
    ]);
  });

  test("same-bridge and isolated", () => {
    expect(lines("same-bridge").slice(0, 3)).toEqual([
      'to: iifname != "br0" ip saddr @policed4 drop',
      'to: iifname != "br0" ip6 saddr @policed6 drop',
      "to: ct state established,related accept",
    ]);
    expect(lines("same-bridge").filter((line) => line.startsWith("policed"))).toEqual([
      "policed4: 10.0.0.2",
      "policed6: fd00::2",
    ]);
    expect(lines("isolated")[2]).toBe('to: iifname "br0" oifname "br0" drop');
  });

  test("isolated ports of the bridge, once", () => {
    const host = { ...eth0, port: { isolated: false } } as unknown as typeof eth0;
    expect(isolatePort("isolated", host).map(printOp)).toEqual([
      "ip -n host link set dev eth0 type bridge_slave isolated on",
    ]);
    expect(isolatePort("same-bridge", host)).toEqual([]);
    expect(isolatePort("isolated", eth0)).toEqual([]);
    expect(isolatePort("isolated", { ...host, port: { isolated: true } } as unknown as typeof eth0)).toEqual([]);
  });

  test("a policy needs a bridge", () => {
    const none: Result = { interfaces: [{ name: "eth0", sandbox: "/x" }], ips: bridged.ips ?? [] };
    expect(faultOf(() => bridgeOf(none, "isolated"))).toContain(
      "7 cannot keep to ingressPolicy isolated: the plugin before has made no bridge; at prevResult.interfaces[0]: it is eth0 in the container",
    );
    expect(bridgeOf(none, "open")).toBeUndefined();
  });

  test("DEL: our rules by their comment, the reference's by the addresses", () => {
    expect(firewallClear(call, [parseIp("10.0.0.2")]).map(printOp)).toEqual([
      'ip netns exec host nft -a list table ip filter  # and delete the rules with the comment "netloom net1/eth0/c1"',
      "ip netns exec host nft -a list chain ip filter CNI-FORWARD  # and delete the rules about 10.0.0.2",
      'ip netns exec host nft -a list table ip6 filter  # and delete the rules with the comment "netloom net1/eth0/c1"',
    ]);
  });
});

describe("the configuration", () => {
  const parsed = (conf: JsonObject) => parseFirewall(callWith(conf));

  test("empty texts are absent, as podman sends them", () => {
    const defaults = { policy: "open", adminChain: "CNI-ADMIN", zone: "trusted" } as const;
    expect(parsed({ backend: "", ingressPolicy: "" })).toEqual(defaults);
    expect(parsed({ Backend: "iptables", ingressPolicy: "isolated", firewalldZone: "cni" })).toEqual({
      backend: "iptables",
      policy: "isolated",
      adminChain: "CNI-ADMIN",
      zone: "cni",
    });
  });

  test.each([
    [
      { backend: "ufw" },
      '7 invalid network configuration: backend is "ufw"; at backend: write nftables, iptables, firewalld, or leave it out',
    ],
    [{ ingressPolicy: "closed" }, "at ingressPolicy: write open, same-bridge, isolated"],
    [{ iptablesAdminChainName: "a b" }, "at iptablesAdminChainName"],
    [{ firewalldZone: 5 }, "at firewalldZone"],
  ])("%j is refused, but not by DEL", (conf: JsonObject, text) => {
    expect(faultOf(() => parsed(conf))).toContain(text);
    expect(() => parseFirewall(callWith(conf, { command: "DEL" }))).not.toThrow();
  });
});

describe("the commands for iptables", () => {
  const ip = [parseIp("10.8.0.4")];
  const R = 'm comment --comment "CNI firewall plugin rules (ingressPolicy: same-bridge|isolated)"'.replace(/^m/, "-m");
  const conf = (policy: IngressPolicy) => parseFirewall(callWith({ ingressPolicy: policy }));

  test("as the reference's rules, with our comment", () => {
    expect(setUp(conf("open"), call, ip, undefined, new Saved(":FORWARD ACCEPT [0:0]\n"))).toEqual([
      "-N CNI-FORWARD",
      "-N CNI-ADMIN",
      '-I FORWARD 1 -m comment --comment "CNI firewall plugin rules" -j CNI-FORWARD',
      '-I CNI-FORWARD 1 -m comment --comment "CNI firewall plugin admin overrides" -j CNI-ADMIN',
      '-A CNI-FORWARD -d 10.8.0.4/32 -m conntrack --ctstate RELATED,ESTABLISHED -m comment --comment "netloom net1/eth0/c1" -j ACCEPT',
      '-A CNI-FORWARD -s 10.8.0.4/32 -m comment --comment "netloom net1/eth0/c1" -j ACCEPT',
    ]);
  });

  test("GC takes ours of attachments that are not valid, of this network alone", () => {
    const rule = (owner: string) => `-A CNI-FORWARD -s 10.8.0.4/32 -m comment --comment "netloom ${owner}" -j ACCEPT`;
    const owners = ["net1/eth0/c1", "net1/eth0/c10", "net1/eth1/c1", "net10/eth0/c1"];
    const saved = new Saved([...owners.map(rule), "-A CNI-FORWARD -s 10.8.0.5/32 -j ACCEPT"].join("\n"));
    expect(staleAdmissions.commands(saved, "net1", [{ network: "net1", containerId: "c1", ifname: "eth0" }])).toEqual(
      ["net1/eth0/c10", "net1/eth1/c1"].map((owner) => `-D${rule(owner).slice(2)}`),
    );
  });

  test("a policy, in the order of cni.md 2.19", () => {
    const commands = setUp(conf("same-bridge"), call, ip, "br8", new Saved(""));
    expect(commands.slice(6)).toEqual([
      "-N CNI-ISOLATION-STAGE-1",
      "-N CNI-ISOLATION-STAGE-2",
      '-I CNI-ISOLATION-STAGE-1 1 -i br8 ! -o br8 -m comment --comment "CNI firewall plugin rules (ingressPolicy: same-bridge)" -j CNI-ISOLATION-STAGE-2',
      `-A CNI-ISOLATION-STAGE-1 ${R} -j RETURN`,
      `-I CNI-ISOLATION-STAGE-2 1 -o br8 ${R} -j DROP`,
      `-A CNI-ISOLATION-STAGE-2 ${R} -j RETURN`,
      `-I FORWARD 1 ${R} -j CNI-ISOLATION-STAGE-1`,
    ]);
  });

  test("what is there is not made again; ours goes by the comment, the reference's by the address", () => {
    const own = setUp(conf("open"), call, ip, undefined, new Saved(""));
    const rules = own.filter((line) => line.startsWith("-A"));
    const text = [
      ":CNI-FORWARD - [0:0]",
      ":CNI-ADMIN - [0:0]",
      '-A FORWARD -m comment --comment "CNI firewall plugin rules" -j CNI-FORWARD',
      '-A CNI-FORWARD -m comment --comment "CNI firewall plugin admin overrides" -j CNI-ADMIN',
      ...rules,
      "-A CNI-FORWARD -s 10.8.0.9/32 -j ACCEPT",
    ].join("\n");
    const saved = new Saved(text);
    expect(setUp(conf("open"), call, ip, undefined, saved)).toEqual([
      ...rules.map((line) => `-D${line.slice(2)}`),
      ...rules,
    ]);
    expect(tearDown(callWith({}, { containerId: "c" }), [], saved)).toEqual([]);
    expect(tearDown(call, [parseIp("10.8.0.9")], saved)).toHaveLength(3);
  });
});

describe("messages of D-Bus", () => {
  /** `dbus-send --system --print-reply --dest=a.b /c/d e.f.addSource string:trusted string:10.0.0.2/32`, by strace; serial 2. */
  const captured =
    "6c0100011c000000020000005000000001016f00040000002f632f64000000000201730003000000652e6600000000000301730009000000616464536f75726365000000000000000601730003000000612e62000000000008016700027373000700000074727573746564000b00000031302e302e302e322f333200";
  const message: Message = {
    type: CALL,
    serial: 2,
    path: "/c/d",
    interface: "e.f",
    member: "addSource",
    destination: "a.b",
    values: ["trusted", "10.0.0.2/32"],
  };

  test("what dbus-send sends is understood", () => {
    const bytes = Uint8Array.fromHex(captured);
    expect(lengthOf(bytes)).toBe(bytes.length);
    expect(lengthOf(bytes.slice(0, 15))).toBeUndefined();
    expect(decode(bytes)).toEqual(message);
  });

  test("ours are the same bytes", () => {
    expect(encode(message).toHex()).toBe(captured);
  });

  test("numbers and truth values; the other byte order; a type that is none of ours ends the values", () => {
    const answer = encode({ type: 2, serial: 7, replyTo: 2, values: [true, 5] });
    expect(decode(answer)).toEqual({ type: 2, serial: 7, replyTo: 2, values: [true, 5] });
    // type 2, serial 7, reply to 2, signature "ub": the numbers 5 and 1, the most significant byte first.
    const big =
      "4202000100000008" + "00000007" + "0000000f" + "0501750000000002" + "0801670002756200" + "0000000500000001";
    expect(decode(Uint8Array.fromHex(big))).toEqual({ type: 2, serial: 7, replyTo: 2, values: [5, true] });
    const array = big.replace("7562", "7561");
    expect(decode(Uint8Array.fromHex(array)).values).toEqual([5]);
  });
});
