import { afterAll, expect, test } from "bun:test";
import { call, makePod, sh, shown } from "./chained-call.ts";
import { eventually } from "../eventually.ts";

const prevResult = makePod("p1", 1);
/** Somebody else's machine, for which the host is a router. */
makePod("client", 7);
sh("ip link set lo up; sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
// One who asks is told who it seems to be.
const servers = ["TCP4-LISTEN:80", "TCP6-LISTEN:80,ipv6only", "UDP4-RECVFROM:53"].map((listen) =>
  Bun.spawn(["ip", "netns", "exec", "p1", "socat", `${listen},fork,reuseaddr`, "SYSTEM:echo $SOCAT_PEERADDR"], {
    stdout: "ignore",
    stderr: "ignore",
  }),
);
afterAll(() => servers.forEach((server) => server.kill()));

const at = { pod: "p1" };
const web = { hostPort: 8080, containerPort: 80, protocol: "tcp" };
const conf = (portMappings: readonly unknown[], rest = {}) => ({
  prevResult,
  ...rest,
  runtimeConfig: { portMappings },
});
/** Whom the server believes to speak with; empty where nobody answers. */
function ask(from: string, address: string): string {
  const inside = from === "host" ? "" : `ip netns exec ${from} `;
  return Bun.spawnSync([
    "sh",
    "-c",
    `echo | ${inside}timeout 1 socat -t1 -T1 - ${address},connect-timeout=1 2>/dev/null`,
  ])
    .stdout.toString()
    .trim();
}
/** As {@link ask}, again if the machine was too busy to answer in time. */
function told(from: string, address: string): string {
  for (let i = 0; i < 5; i++) {
    const answer = ask(from, address);
    if (answer !== "") return answer;
  }
  return "";
}

/** Until the servers listen. */
async function ready(): Promise<void> {
  for (const address of ["TCP4:127.0.0.1:80", "TCP6:[::1]:80", "UDP4:127.0.0.1:53"])
    await eventually(`${address} answers`, () => ask("p1", address) !== "");
}
const tables = () =>
  shown<{ nftables: readonly { table?: { name: string } }[] }>("nft -j list tables | jq -c '[.]'")[0];
const hasTable = () => tables()?.nftables.some(({ table }) => table?.name === "netloom_portmap") ?? false;

test("portmap: a published port is reachable from everywhere, by both families", async () => {
  await ready();
  expect(ask("client", "TCP4:10.9.7.1:8080")).toBe("");
  expect(await call("portmap", "ADD", at, conf([web]))).toMatchObject({ exit: 0, log: [] });
  // Others keep their address; the host itself and the pod's own network get the host's.
  expect(told("client", "TCP4:10.9.7.1:8080")).toBe("10.9.7.2");
  expect(told("client", "TCP6:[fd09::7:1]:8080")).toBe("[fd09:0000:0000:0000:0000:0000:0007:0002]");
  expect(told("host", "TCP4:127.0.0.1:8080")).toBe("10.9.1.1");
  expect(told("host", "TCP4:10.9.7.1:8080")).not.toBe("");
  expect(told("p1", "TCP4:10.9.1.1:8080")).toBe("10.9.1.1");
  expect(told("p1", "TCP6:[fd09::1:1]:8080")).toBe("[fd09:0000:0000:0000:0000:0000:0001:0001]");
  expect(await call("portmap", "CHECK", at, conf([web]))).toMatchObject({ exit: 0 });
  expect(sh("nft list table inet netloom_portmap")).toContain("tcp dport 8080");
  // Neither the mappings nor the container are told.
  for (let i = 0; i < 2; i++) expect(await call("portmap", "DEL", { pod: "" }, {})).toMatchObject({ exit: 0, log: [] });
  expect(ask("client", "TCP4:10.9.7.1:8080")).toBe("");
  expect(hasTable()).toBe(false);
});

test("portmap: one address of the host, conditions, everybody masqueraded, no masquerading", async () => {
  await ready();
  const here = { ...web, hostIP: "10.9.7.1" };
  expect((await call("portmap", "ADD", at, conf([here], { masqAll: true, markMasqBit: 31 }))).exit).toBe(0);
  expect(told("client", "TCP4:10.9.7.1:8080")).toBe("10.9.1.1");
  expect(ask("client", "TCP4:10.9.1.1:8080")).toBe("");
  const only = { conditionsV4: ["ip saddr", "!=", "10.9.7.2"], snat: false };
  expect((await call("portmap", "ADD", at, conf([web], only))).exit).toBe(0);
  expect(ask("client", "TCP4:10.9.7.1:8080")).toBe("");
  expect(told("host", "TCP4:10.9.7.1:8080")).not.toBe("");
  expect(sh("nft list table inet netloom_portmap")).not.toContain("masquerade");
  expect((await call("portmap", "DEL", at, {})).exit).toBe(0);
});

test("portmap: datagrams of a flow that began before find their way", async () => {
  await ready();
  const dns = { hostPort: 8053, containerPort: 53, protocol: "udp" };
  // Some rule of NAT must be there, or nothing is tracked.
  expect((await call("portmap", "ADD", { ...at, container: "other" }, conf([{ ...web, hostPort: 9 }]))).exit).toBe(0);
  const port = "UDP4:10.9.7.1:8053,bind=10.9.7.2:4444";
  expect(ask("client", port)).toBe("");
  expect(sh("cat /proc/net/nf_conntrack")).toContain("dport=8053");
  expect((await call("portmap", "ADD", at, conf([dns], { snat: false }))).exit).toBe(0);
  expect(told("client", port)).toBe("10.9.7.2");
  for (const container of ["c1", "other"]) await call("portmap", "DEL", { ...at, container }, {});
  expect(hasTable()).toBe(false);
});

test("portmap: CHECK finds a rule and an element that are gone, STATUS is fine", async () => {
  expect((await call("portmap", "ADD", at, conf([web]))).exit).toBe(0);
  sh("nft flush chain inet netloom_portmap map/net1/eth0/c1");
  expect((await call("portmap", "CHECK", at, conf([web]))).out).toMatchObject({
    code: 105,
    msg: expect.stringContaining("tcp dport 8080") as string,
  });
  expect(await call("portmap", "STATUS", at, {})).toMatchObject({ exit: 0 });
  expect((await call("portmap", "GC", { pod: "" }, { "cni.dev/valid-attachments": [] })).exit).toBe(0);
  expect(hasTable()).toBe(false);
});

const hasIptables = Bun.which("iptables-save") !== null;
test.skipIf(!hasIptables)(
  `portmap: through iptables${hasIptables ? "" : " (needs the program iptables)"}`,
  async () => {
    await ready();
    const through = conf([web], { backend: "iptables" });
    expect(await call("portmap", "ADD", at, through)).toMatchObject({ exit: 0, log: [] });
    expect(told("client", "TCP4:10.9.7.1:8080")).toBe("10.9.7.2");
    expect(told("host", "TCP4:127.0.0.1:8080")).toBe("10.9.1.1");
    expect(told("p1", "TCP4:10.9.1.1:8080")).toBe("10.9.1.1");
    expect(told("client", "TCP6:[fd09::7:1]:8080")).not.toBe("");
    expect(await call("portmap", "CHECK", at, through)).toMatchObject({ exit: 0 });
    // A second attachment shares the chains of all.
    const two = { ...conf([{ ...web, hostPort: 81 }], { backend: "iptables" }) };
    expect((await call("portmap", "ADD", { ...at, container: "c2" }, two)).exit).toBe(0);
    expect(sh("iptables -t nat -S OUTPUT").match(/CNI-HOSTPORT-DNAT/g)).toHaveLength(1);
    // The backend need not be told; the interface is part of who it is.
    expect((await call("portmap", "DEL", { ...at, ifname: "eth1" }, {})).exit).toBe(0);
    expect((await call("portmap", "CHECK", at, through)).exit).toBe(0);
    for (let i = 0; i < 2; i++) expect((await call("portmap", "DEL", at, {})).exit).toBe(0);
    expect(ask("client", "TCP4:10.9.7.1:8080")).toBe("");
    expect(told("client", "TCP4:10.9.7.1:81")).toBe("10.9.7.2");
    expect((await call("portmap", "CHECK", at, through)).out).toMatchObject({ code: 105 });
    // GC knows them by their chains, whatever the backend is now.
    const gc = (...valid: readonly unknown[]) =>
      call("portmap", "GC", { ...at, pod: "" }, { "cni.dev/valid-attachments": valid });
    expect(await gc({ containerID: "c2", ifname: "eth0" })).toMatchObject({ exit: 0 });
    expect(told("client", "TCP4:10.9.7.1:81")).toBe("10.9.7.2");
    expect(await gc({ containerID: "c2", ifname: "eth1" })).toMatchObject({ exit: 0 });
    expect(sh("iptables-save -t nat; ip6tables-save -t nat")).not.toContain("CNI-DN-");
  },
);

test.skipIf(!hasIptables)(
  `portmap: DEL withdraws what the reference published${hasIptables ? "" : " (needs the program iptables)"}`,
  async () => {
    // As cni.md 2.19 shows them; network n1, container ci.
    sh(`nft -f - <<'X'
table ip cni_hostport { chain hostports { tcp dport 8080 dnat to 10.8.0.2:80 comment "ci"; tcp dport 81 dnat to 10.8.0.3:80 comment "other"; }; }
X
    iptables -t nat -N CNI-HOSTPORT-DNAT 2>/dev/null || true; iptables -t nat -N CNI-DN-15575256d8700ce67f304
    iptables -t nat -A CNI-HOSTPORT-DNAT -p tcp -m comment --comment 'dnat name: "n1" id: "ci"' -m multiport --dports 8080 -j CNI-DN-15575256d8700ce67f304
    iptables -t nat -A CNI-DN-15575256d8700ce67f304 -p tcp --dport 8080 -j DNAT --to-destination 10.8.0.2:80`);
    const attached = { pod: "", network: "n1", container: "ci" };
    for (let i = 0; i < 2; i++) expect(await call("portmap", "DEL", attached, {})).toMatchObject({ exit: 0 });
    expect(sh("nft list table ip cni_hostport").match(/dport \d+/g)).toEqual(["dport 81"]);
    expect(sh("iptables -t nat -S")).not.toContain("CNI-DN-");
  },
);
