import { existsSync } from "node:fs";
import { expect, test } from "bun:test";
import { call, makePod, sh, shown } from "./chained-call.ts";

const prevResult = makePod("p1", 1);
const at = { pod: "p1" };
const conf = {
  prevResult,
  dataDir: "/run/tuning-test",
  sysctl: {
    "net.ipv4.conf.IFNAME.arp_filter": "1",
    "net/core/somaxconn": "500",
    "net.ipv4.tcp_rmem": "4096 87380 6291456",
  },
  mac: "02:00:00:00:00:77",
  mtu: 1400,
  promisc: true,
  allmulti: true,
  txQLen: 321,
};
interface Shown {
  readonly address: string;
  readonly mtu: number;
  readonly txqlen: number;
  readonly flags: readonly string[];
}
const link = () => shown<Shown>("ip -n p1 -j link show dev eth0")[0] as Shown;
const sysctl = (key: string) => sh(`ip netns exec p1 cat /proc/sys/${key}`).trim();

test("tuning: ip shows what was set, and what was before after DEL", async () => {
  const before = link();
  const added = await call("tuning", "ADD", at, conf);
  expect([added.exit, added.out.interfaces[1]]).toEqual([
    0,
    { mac: "02:00:00:00:00:77", name: "eth0", sandbox: "/run/netns/p1" },
  ]);
  expect(link()).toMatchObject({ address: "02:00:00:00:00:77", mtu: 1400, txqlen: 321 });
  expect(link().flags).toEqual(expect.arrayContaining(["PROMISC", "ALLMULTI"]));
  expect([sysctl("net/ipv4/conf/eth0/arp_filter"), sysctl("net/core/somaxconn")]).toEqual(["1", "500"]);
  expect((await call("tuning", "CHECK", at, { ...conf, prevResult: added.out })).out).toBeUndefined();
  sh("ip -n p1 link set eth0 mtu 1300");
  expect((await call("tuning", "CHECK", at, { ...conf, prevResult: added.out })).out).toMatchObject({
    code: 105,
    msg: "mtu of eth0 is 1300, not 1400",
  });
  for (let i = 0; i < 2; i++) expect(await call("tuning", "DEL", at, conf)).toMatchObject({ exit: 0, log: [] });
  expect(link()).toEqual(before);
  expect(existsSync("/run/tuning-test/c1_eth0.json")).toBe(false);
});

test("tuning: an ADD that fails puts everything back", async () => {
  const before = [link(), sysctl("net/core/somaxconn")];
  const failed = await call("tuning", "ADD", at, { ...conf, sysctl: { "net.core.somaxconn": "600" }, mtu: 65536 * 2 });
  expect(failed).toMatchObject({ exit: 1, out: { code: 100, msg: expect.stringContaining("mtu 131072") as string } });
  expect([link(), sysctl("net/core/somaxconn")]).toEqual(before);
  expect(existsSync("/run/tuning-test/c1_eth0.json")).toBe(false);
  const invalid = await call("tuning", "ADD", at, { ...conf, sysctl: { "net.core.somaxconn": "many" } });
  expect(invalid).toMatchObject({ exit: 1, out: { msg: expect.stringContaining("net/core/somaxconn") as string } });
});

test("tuning: an empty value empties a list, and is none for a number", async () => {
  sh("ip netns exec p1 sh -c 'echo 8080 >/proc/sys/net/ipv4/ip_local_reserved_ports'");
  const emptying = { prevResult, sysctl: { "net.ipv4.ip_local_reserved_ports": "" } };
  expect((await call("tuning", "ADD", at, emptying)).exit).toBe(0);
  expect(sysctl("net/ipv4/ip_local_reserved_ports")).toBe("");
  expect((await call("tuning", "CHECK", at, emptying)).exit).toBe(0);
  const number = await call("tuning", "ADD", at, { prevResult, sysctl: { "net.core.somaxconn": "" } });
  expect(number).toMatchObject({
    exit: 1,
    out: { code: 100, msg: expect.stringContaining("Invalid argument") as string },
  });
});

test("tuning: DEL with the namespace gone forgets the saved values", async () => {
  const two = makePod("p2", 2);
  expect((await call("tuning", "ADD", { pod: "p2", container: "c2" }, { ...conf, prevResult: two })).exit).toBe(0);
  sh("ip netns delete p2");
  expect(existsSync("/run/tuning-test/c2_eth0.json")).toBe(true);
  expect((await call("tuning", "DEL", { pod: "", container: "c2" }, conf)).exit).toBe(0);
  expect(existsSync("/run/tuning-test/c2_eth0.json")).toBe(false);
});
