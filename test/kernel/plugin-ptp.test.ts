import { afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { sh } from "./chained-call.ts";
import {
  Attachment,
  DATA,
  addresses,
  both,
  four,
  hostLocal,
  link,
  links,
  picture,
  ping,
  preparePlugins,
  routes,
} from "./main-plugin.ts";

beforeAll(preparePlugins);
beforeEach(() => {
  sh("ip netns add a; ip netns add b");
});
afterEach(() => {
  sh(`ip netns del a 2>/dev/null || true; ip netns del b 2>/dev/null || true
    for l in $(ip -o link show type veth | cut -d' ' -f2 | sed 's/[@:].*//'); do ip link del $l 2>/dev/null || true; done
    rm -rf ${DATA}; nft flush ruleset`);
});

const ptp = (conf: object, pod = "a", more: object = {}) => new Attachment("ptp", conf as never, { pod, ...more });

describe("ptp", () => {
  test("containers reach the host and each other over it", async () => {
    const [a, b] = [ptp({ ipam: both }), ptp({ ipam: both }, "b", { container: "c2" })];
    const { exit, out, log } = await a.call("ADD");
    expect({ exit, log }).toEqual({ exit: 0, log: [] });
    expect(await b.call("ADD")).toMatchObject({ exit: 0 });
    for (const to of ["10.7.0.1", "fd07::1", "10.7.0.3", "fd07::3"]) ping("a", to);

    const eth0 = link("eth0", "a");
    const host = links().find(({ ifindex }) => ifindex === eth0.link_index);
    expect(out).toMatchObject({
      interfaces: [
        { name: host?.ifname, mac: host?.address, mtu: 1500 },
        { name: "eth0", mac: eth0.address, mtu: 1500, sandbox: "/run/netns/a" },
      ],
      ips: [
        { address: "10.7.0.2/24", gateway: "10.7.0.1", interface: 1 },
        { address: "fd07::2/64", gateway: "fd07::1", interface: 1 },
      ],
    });
    expect(addresses("eth0", "a")).toEqual(["10.7.0.2/24", "fd07::2/64"]);
    expect(addresses(host?.ifname ?? "")).toEqual(["10.7.0.1/32", "fd07::1/128"]);
    expect(routes("a", 4)).toEqual([
      "default via 10.7.0.1 dev eth0",
      "10.7.0.0/24 via 10.7.0.1 dev eth0",
      "10.7.0.1 dev eth0",
    ]);
    expect(routes("a", 6)).toEqual([
      "fd07::1 dev eth0",
      "fd07::/64 via fd07::1 dev eth0",
      "default via fd07::1 dev eth0",
    ]);
    expect(sh("ip route get 10.7.0.2; ip -6 route get fd07::2")).toContain(`dev ${host?.ifname}`);
  });

  test("CHECK looks at both ends, DEL gives all back", async () => {
    const one = ptp({ ipam: both, ipMasq: true });
    const { out } = await one.call("ADD");
    const host = out.interfaces[0].name as string;
    expect(await one.call("CHECK")).toMatchObject({ exit: 0 });
    const told = async (change: string, back: string) => {
      sh(change);
      const fault = await one.fault("CHECK");
      sh(back);
      return fault;
    };
    expect(await told("ip route del 10.7.0.2/32", `ip route add 10.7.0.2/32 dev ${host} scope host`)).toStartWith(
      "105 CHECK: the host reaches 10.7.0.2 by no interface, not by ",
    );
    expect(await told(`ip addr del 10.7.0.1/32 dev ${host}`, `ip addr add 10.7.0.1/32 dev ${host}`)).toContain(
      "has not the gateway's address 10.7.0.1",
    );
    expect(await told("ip -n a route del 10.7.0.0/24", "true")).toContain("there is no route to 10.7.0.0/24");
    expect(await told("nft flush table inet netloom_masquerade", "true")).toContain("the host's rules lack ");
    for (let i = 0; i < 2; i++) expect(await one.call("DEL")).toMatchObject({ exit: 0, out: undefined });
    expect(links("a")).toEqual([]);
    expect(links()).toEqual([]);
    expect(sh(`ls ${DATA}/net1`)).not.toMatch(/10\.7|fd07/);
    expect(sh("nft list ruleset")).not.toContain("net1/eth0");
  });

  test("an ADD that fails leaves nothing", async () => {
    const before = picture("a");
    const unreachable = { ...four, routes: [{ dst: "10.0.0.0/8", gw: "192.0.2.1" }] };
    expect(await ptp({ ipam: unreachable, ipMasq: true }).fault("ADD")).toStartWith("100 ");
    expect(await ptp({ ipam: { type: "static", addresses: [{ address: "10.7.0.2/24" }] } }).fault("ADD")).toStartWith(
      "107 cannot ADD: the IPAM plugin static gave 10.7.0.2/24 without a gateway",
    );
    sh("ip -n a link add eth0 type veth peer eth1");
    expect(await ptp({ ipam: four }).fault("ADD")).toStartWith("101 ");
    sh("ip -n a link del eth0");
    expect(picture("a")).toBe(before);
    expect(await ptp({}).fault("ADD")).toStartWith("7 ");
    expect(await ptp({}).call("DEL")).toMatchObject({ exit: 0 });
  });

  test("DEL without a namespace, GC and STATUS", async () => {
    const [a, b] = [
      ptp({ ipam: hostLocal("10.7.0.0/29"), ipMasq: true }),
      ptp({ ipam: hostLocal("10.7.0.0/29"), ipMasq: true }, "b", { container: "c2" }),
    ];
    await a.call("ADD");
    await b.call("ADD");
    expect(await a.call("STATUS", {}, { pod: "" })).toMatchObject({ exit: 0 });
    const valid = { "cni.dev/valid-attachments": [{ containerID: "c1", ifname: "eth0" }] };
    expect(await a.call("GC", valid, { pod: "" })).toMatchObject({ exit: 0 });
    expect([links("a").length, links("b").length]).toEqual([1, 0]);
    expect(await a.call("DEL", {}, { pod: "" })).toMatchObject({ exit: 0 });
    expect([links("a"), links()]).toEqual([[], []]);
    expect(sh(`ls ${DATA}/net1; nft list ruleset`)).not.toMatch(/10\.7\.0/);
  });
});
