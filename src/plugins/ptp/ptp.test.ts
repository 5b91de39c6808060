import { describe, expect, test } from "bun:test";
import { printOp } from "../../change/index.ts";
import { type CniError, HOST } from "../../cni/index.ts";
import { parseIfName, parseIp, parseMac, parsePrefix } from "../../values/index.ts";
import { callWith } from "../_call-fixture.ts";
import { placed } from "../_interface.ts";
import { POD_PLACE, gated, planPtp } from "./plan.ts";
import { readPtp } from "./schema.ts";

const pair = {
  pod: parseIfName("eth0"),
  host: parseIfName("veth1"),
  alias: "cni:net1/c1/eth0",
  podMac: parseMac("02:00:00:00:00:02"),
  hostMac: parseMac("02:00:00:00:00:01"),
};
const four = { address: parsePrefix("10.9.0.2/24"), gateway: parseIp("10.9.0.1") };
const six = { address: parsePrefix("fd09::2/64"), gateway: parseIp("fd09::1") };
const routes = [{ dst: parsePrefix("0.0.0.0/0") }];

describe("ptp", () => {
  test("reads its configuration", () => {
    const ipam = { type: "host-local" };
    expect(readPtp(callWith({ ipam }))).toEqual({ ipam: "host-local" });
    expect(readPtp(callWith({ ipam, ipMasq: true, mtu: 1400, dns: { domain: "x" } }))).toEqual({
      ipam: "host-local",
      masq: "nftables",
      mtu: 1400,
      dns: { domain: "x" },
    });
    expect(() => readPtp(callWith({}))).toThrow("ipam is missing");
    expect(readPtp(callWith({ mtu: "x", ipMasq: 1 }, { command: "DEL" }))).toEqual({ masq: "nftables" });
  });

  test("routes over the host: nothing is on the link but the gateway", () => {
    const ips = gated(placed([four, six], POD_PLACE), "host-local");
    const ops = planPtp(readPtp(callWith({ ipam: { type: "x" }, mtu: 1400 })), pair, {
      ips,
      routes,
      loopbackWithout6: false,
      ipv6: true,
    });
    expect(ops.map(printOp)).toEqual([
      "ip -n host link add name veth1 mtu 1400 address 02:00:00:00:00:01 type veth peer name eth0 netns pod mtu 1400 address 02:00:00:00:00:02 && ip -n host link set dev veth1 alias cni:net1/c1/eth0",
      "ip netns exec host sysctl -w net/ipv6/conf/veth1/accept_ra=0",
      "ip netns exec host sysctl -w net/ipv6/conf/veth1/accept_dad=0",
      "ip -n host link set dev veth1 up",
      "ip -n host addr add 10.9.0.1/32 dev veth1",
      "ip -n host addr add fd09::1/128 dev veth1 nodad",
      "ip -n host route replace 10.9.0.2/32 dev veth1 scope host",
      "ip -n host route replace fd09::2/128 dev veth1",
      "ip netns exec pod sysctl -w net/ipv4/conf/eth0/arp_notify=1",
      "ip netns exec pod sysctl -w net/ipv6/conf/eth0/disable_ipv6=0",
      "ip netns exec pod sysctl -w net/ipv6/conf/eth0/keep_addr_on_down=1",
      "ip netns exec pod sysctl -w net/ipv6/conf/eth0/ndisc_notify=1",
      "ip -n pod addr add 10.9.0.2/24 broadcast 10.9.0.255 dev eth0 noprefixroute",
      "ip -n pod addr add fd09::2/64 dev eth0 nodad noprefixroute",
      "ip -n pod link set dev eth0 up",
      "ip -n pod route replace 10.9.0.1/32 dev eth0 src 10.9.0.2 scope link",
      "ip -n pod route replace fd09::1/128 dev eth0 src fd09::2",
      "ip -n pod route replace 10.9.0.0/24 via 10.9.0.1 dev eth0 src 10.9.0.2",
      "ip -n pod route replace fd09::/64 via fd09::1 dev eth0 src fd09::2",
      "ip -n pod route prepend default via 10.9.0.1 dev eth0",
    ]);
  });

  test("two addresses of a prefix share its gateway; a single address has no prefix", () => {
    const second = { address: parsePrefix("10.9.0.3/24"), gateway: four.gateway };
    const alone = { address: parsePrefix("10.8.0.7/32"), gateway: parseIp("10.8.0.1") };
    const ops = planPtp({}, pair, { ips: [four, second, alone], routes: [], loopbackWithout6: false, ipv6: false });
    const put = ops.flatMap((op) => (op.do === "route.put" ? [printOp(op)] : []));
    expect(put).toEqual([
      "ip -n host route replace 10.9.0.2/32 dev veth1 scope host",
      "ip -n host route replace 10.9.0.3/32 dev veth1 scope host",
      "ip -n host route replace 10.8.0.7/32 dev veth1 scope host",
      "ip -n pod route replace 10.9.0.1/32 dev eth0 src 10.9.0.2 scope link",
      "ip -n pod route replace 10.8.0.1/32 dev eth0 src 10.8.0.7 scope link",
      "ip -n pod route replace 10.9.0.0/24 via 10.9.0.1 dev eth0 src 10.9.0.2",
    ]);
    expect(ops.filter((op) => op.do === "addr.add" && op.netns === HOST)).toHaveLength(2);
  });

  test("an address without a gateway is refused", () => {
    try {
      gated([{ address: four.address }], "static");
    } catch (error) {
      const { code, message, details } = error as CniError;
      expect([code, message]).toEqual([107, "cannot ADD: the IPAM plugin static gave 10.9.0.2/24 without a gateway"]);
      expect(details).toStartWith("at ipam: ptp gives the gateway's address to the host");
      return;
    }
    expect.unreachable("it was taken");
  });
});
