/** Plugin dhcp and its daemon with DHCP servers of others on a bridge. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { executable, ours } from "./plugin-folders.ts";
import { eventually } from "../eventually.ts";

const has = (program: string): boolean =>
  Bun.which(program, { PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` }) !== null;
const built = existsSync(executable);
const SOCKET = "/run/cni/dhcp.sock";
const NOTES = `${SOCKET}.leases`;
const children: Bun.Subprocess[] = [];

function sh(script: string): string {
  const { success, stdout, stderr } = Bun.spawnSync(["sh", "-ec", script]);
  if (!success) throw new Error(`${script}: ${stderr.toString()}`);
  return stdout.toString();
}

function start(...command: readonly string[]): Bun.Subprocess {
  const child = Bun.spawn([...command], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    env: { PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` },
  });
  children.push(child);
  return child;
}

async function end(child: Bun.Subprocess, signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
  child.kill(signal);
  await child.exited;
}

interface Said {
  readonly code: number;
  readonly said: {
    readonly ips?: readonly { address: string; gateway?: string }[];
    readonly routes?: unknown;
    readonly code?: number;
    readonly msg?: string;
  };
}
interface Called {
  readonly id?: string;
  readonly netns?: string;
  readonly ipam?: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

function spawn(
  command: string,
  { id = "c1", netns = `/run/netns/${id}`, ipam = {}, more = {} }: Called = {},
  plugin = "dhcp",
  path = "/nowhere",
) {
  return Bun.spawn([executable], {
    argv0: plugin,
    env: { CNI_COMMAND: command, CNI_CONTAINERID: id, CNI_NETNS: netns, CNI_IFNAME: "eth0", CNI_PATH: path },
    stdin: new TextEncoder().encode(
      JSON.stringify({ cniVersion: "1.1.0", name: "net1", type: "dhcp", ipam: { type: "dhcp", ...ipam }, ...more }),
    ),
    stdout: "pipe",
    stderr: "ignore",
  });
}

async function call(command: string, called: Called = {}): Promise<Said> {
  const child = spawn(command, called);
  const text = await new Response(child.stdout).text();
  return { code: await child.exited, said: text.trim() === "" ? {} : (JSON.parse(text) as Said["said"]) };
}

async function daemon(...flags: readonly string[]): Promise<Bun.Subprocess> {
  const child = Bun.spawn([executable, "daemon", ...flags], {
    argv0: "dhcp",
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  children.push(child);
  await eventually("the daemon answers", async () => (await call("STATUS")).code === 0);
  return child;
}

const notes = (): readonly string[] => (existsSync(NOTES) ? readdirSync(NOTES) : []);
const isUp = (id: string): boolean => sh(`ip -j -n ${id} link show eth0`).includes('"UP"');

beforeAll(() => {
  if (!built) return;
  sh(`ip link set lo up; ip link add br0 type bridge; ip link set br0 up
for n in srv c1 c2; do ip netns add $n; ip link add v$n type veth peer name eth0 netns $n; ip link set v$n master br0 up; done
ip -n srv link set eth0 up; ip -n srv addr add 10.99.0.1/24 dev eth0`);
});
afterAll(async () => {
  for (const child of children) await end(child);
});

describe.skipIf(!built || !has("dnsmasq"))("with dnsmasq (needs the executable, Debian's dnsmasq-base)", () => {
  let server: Bun.Subprocess;
  const leases = (): string => (existsSync("/run/leases") ? readFileSync("/run/leases", "utf8") : "");
  beforeAll(() => {
    const options =
      "--no-daemon --port=0 --interface=eth0 --bind-interfaces --no-ping --conf-file=/dev/null --dhcp-leasefile=/run/leases";
    const range = "--dhcp-range=10.99.0.50,10.99.0.60,2m --dhcp-option=121,192.0.2.0/24,10.99.0.9,10.77.0.0/16,0.0.0.0";
    server = start("ip", "netns", "exec", "srv", "dnsmasq", ...`${options} ${range}`.split(" "));
  });
  afterAll(() => end(server));

  test("ADD, CHECK, a daemon that is killed and followed, DEL", async () => {
    const first = await daemon();
    const ipam = { provide: [{ option: "host-name", value: "hello" }], request: [{ option: "121" }], priority: 50 };
    const { code, said } = await call("ADD", { ipam });
    const prevResult = { cniVersion: "1.1.0", ips: structuredClone(said.ips) };
    const [address = ""] = said.ips?.[0]?.address.split("/") ?? [];
    expect(said).toMatchObject({
      ips: [{ address: expect.stringMatching(/^10\.99\.0\.\d+\/24$/), gateway: "10.99.0.1" }],
      routes: [
        { dst: "192.0.2.0/24", gw: "10.99.0.9", priority: 50 },
        { dst: "10.77.0.0/16", scope: 253, priority: 50 },
      ],
    });
    expect(code).toBe(0);
    expect(isUp("c1")).toBe(true);
    expect(leases()).toContain(
      `${address} hello 00:${new TextEncoder()
        .encode("c1/net1/eth0")
        .toHex()
        .replace(/..(?=.)/g, "$&:")}`,
    );

    expect((await call("CHECK", { more: { prevResult } })).code).toBe(0);
    expect(
      (await call("CHECK", { more: { prevResult: { cniVersion: "1.1.0", ips: [{ address: "10.99.0.2/24" }] } } })).said
        .code,
    ).toBe(105);
    expect((await call("CHECK", { id: "c2" })).said.code).toBe(105);

    // No thread of it stayed in a container, and it holds none open.
    const own = readlinkSync("/proc/self/ns/net");
    const tasks = readdirSync(`/proc/${first.pid}/task`);
    expect(tasks.map((task) => readlinkSync(`/proc/${first.pid}/task/${task}/ns/net`))).toEqual(tasks.map(() => own));
    const held = readdirSync(`/proc/${first.pid}/fd`).map((fd) => readlinkSync(`/proc/${first.pid}/fd/${fd}`));
    expect(held.filter((target) => target.startsWith("net:") && target !== own)).toEqual([]);

    await end(first);
    expect((await call("CHECK")).said).toMatchObject({ code: 105, msg: expect.stringContaining(SOCKET) });
    expect((await call("STATUS")).said).toMatchObject({ code: 50, msg: expect.stringContaining(SOCKET) });
    expect((await call("ADD")).said).toMatchObject({ code: 102 });
    const second = await daemon();
    expect((await call("CHECK", { more: { prevResult } })).code).toBe(0);

    // Another daemon on the same socket gives way.
    const third = Bun.spawn([executable, "daemon"], {
      argv0: "dhcp",
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    });
    expect(await new Response(third.stderr).text()).toContain(`another DHCP daemon listens on ${SOCKET}`);
    expect(await third.exited).toBe(1);

    expect((await call("DEL")).code).toBe(0);
    expect((await call("DEL")).code).toBe(0);
    await eventually("dnsmasq has the address back", () => !leases().includes(address));
    expect(notes()).toEqual([]);
    await end(second, "SIGTERM");
    expect(existsSync(SOCKET)).toBe(false);
  });

  test("the plugin that made the interface gives the address back before the interface is gone", async () => {
    const one = await daemon();
    sh("ip netns add c4");
    const main = async (command: string, more = {}): Promise<string> => {
      const called = { id: "c4", more: { type: "bridge", bridge: "br0", ...more } };
      const child = spawn(command, called, "bridge", ours?.path);
      const text = await new Response(child.stdout).text();
      expect([await child.exited, text]).toEqual([0, text]);
      return text;
    };
    const valid = { "cni.dev/valid-attachments": [] };
    for (const last of ["DEL", "GC"]) {
      const { ips } = JSON.parse(await main("ADD")) as { ips: readonly { address: string }[] };
      const [address = ""] = ips[0]?.address.split("/") ?? [];
      expect(leases()).toContain(address);
      await main(last, last === "GC" ? valid : {});
      await eventually(`dnsmasq has the address back after ${last}`, () => !leases().includes(address));
      expect(sh("ip -n c4 -br link")).not.toContain("eth0");
      expect(notes()).toEqual([]);
    }
    sh("ip netns del c4");
    await end(one, "SIGTERM");
  });

  test("GC keeps what is valid; DEL without a daemon leaves nothing for the next", async () => {
    const one = await daemon();
    for (const id of ["c1", "c2"]) expect((await call("ADD", { id })).code).toBe(0);
    expect(notes()).toHaveLength(2);
    const valid = [{ containerID: "c2", ifname: "eth0" }];
    expect((await call("GC", { id: "", netns: "", more: { "cni.dev/valid-attachments": valid } })).code).toBe(0);
    expect((await call("CHECK", { id: "c1" })).said.code).toBe(105);
    expect((await call("CHECK", { id: "c2" })).code).toBe(0);
    await end(one);
    expect(notes()).toHaveLength(1);
    expect((await call("DEL", { id: "c2" })).code).toBe(0);
    expect(notes()).toEqual([]);
    await end(await daemon(), "SIGTERM");
  });
});

describe.skipIf(!built || !has("udhcpd"))(
  "with udhcpd and leases of seconds (needs the executable, Debian's udhcpd)",
  () => {
    test("is renewed; without the server the interface goes down; without the namespace it is forgotten", async () => {
      writeFileSync(
        "/run/udhcpd.conf",
        "start 10.99.0.50\nend 10.99.0.60\ninterface eth0\nlease_file /run/udhcpd.leases\npidfile /run/udhcpd.pid\nmin_lease 2\noption subnet 255.255.255.0\noption router 10.99.0.1\noption lease 4\n",
      );
      writeFileSync("/run/udhcpd.leases", "");
      const server = start("ip", "netns", "exec", "srv", "udhcpd", "-f", "/run/udhcpd.conf");
      const keeper = await daemon("-timeout=1s");
      for (const id of ["c1", "c2"]) {
        const { said } = await call("ADD", { id });
        expect(said).toMatchObject({ routes: [{ dst: "0.0.0.0/0", gw: "10.99.0.1" }] });
        sh(`ip -n ${id} addr add ${said.ips?.[0]?.address} dev eth0`);
      }
      const granted = (): readonly number[] =>
        notes().map(
          (name) => (JSON.parse(readFileSync(`${NOTES}/${name}`, "utf8")) as { grantedAt: number }).grantedAt,
        );
      const before = Math.max(...granted());
      await eventually("both leases are renewed", () => granted().length === 2 && granted().every((at) => at > before));
      expect(isUp("c1")).toBe(true);

      sh("ip netns del c2");
      await eventually("the lease of the namespace that is gone is forgotten", () => notes().length === 1);
      await end(server);
      await eventually("the interface is down", () => !isUp("c1"));
      expect((await call("CHECK")).said).toMatchObject({ code: 105, msg: expect.stringContaining("no DHCP lease") });
      expect(notes()).toEqual([]);
      await end(keeper, "SIGTERM");
    });
  },
);

describe.skipIf(!built)("without a server (needs the executable)", () => {
  test("ADD says so after its time, and at once what it lacks", async () => {
    sh("ip netns add bare");
    const one = await daemon("-resendtimeout=500ms");
    expect((await call("ADD")).said).toMatchObject({ code: 11, msg: "no DHCP lease on eth0: no server answered" });
    expect((await call("ADD", { ipam: { provide: [{ option: "nonsense", value: "x" }] } })).said.code).toBe(7);
    expect((await call("ADD", { id: "c5", netns: "/run/netns/bare" })).said).toMatchObject({
      code: 102,
      msg: "cannot ask for an address: there is no interface eth0 in /run/netns/bare",
    });
    for (const netns of ["/dev/null", "/run/nowhere"])
      expect((await call("ADD", { netns })).said).toMatchObject({
        code: 102,
        msg: expect.stringContaining(netns),
      });
    expect(notes()).toEqual([]);
    await end(one, "SIGTERM");
  });

  test.skipIf(!has("dnsmasq"))(
    "a plugin that is killed while it waits wants nothing any more (needs dnsmasq-base)",
    async () => {
      const one = await daemon();
      const held = (): number => sh(`ls -l /proc/${one.pid}/fd 2>/dev/null || true`).split("socket:").length;
      const idle = held();
      const waiting = spawn("ADD");
      await eventually("the interface is set up for it", () => isUp("c1"));
      await eventually("the daemon holds its connection", () => held() > idle);
      await end(waiting);
      await eventually("the daemon lets go of it", () => held() <= idle);
      const options =
        "--no-daemon --port=0 --interface=eth0 --bind-interfaces --no-ping --conf-file=/dev/null --dhcp-leasefile=/run/late";
      const server = start(
        "ip",
        "netns",
        "exec",
        "srv",
        "dnsmasq",
        ...`${options} --dhcp-range=10.99.0.50,10.99.0.60,2m`.split(" "),
      );
      const other = await call("ADD", { id: "c3", netns: "/run/netns/c1" });
      expect(other.code).toBe(0);
      expect(notes()).toHaveLength(1);
      expect((await call("DEL", { id: "c3", netns: "/run/netns/c1" })).code).toBe(0);
      await end(one, "SIGTERM");
      await end(server);
    },
  );
});
