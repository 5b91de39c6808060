/** Bad days of a plugin's call: crowds, full ranges and disks, and input nobody should send. */
import { describe, expect, test } from "bun:test";
import { Box } from "./box.ts";
import { type Answer, Caller, pluginPath, supply } from "./caller.ts";
import type { CallStep, Conf } from "./case.ts";
import { ours, type PluginFolder } from "./plugin-folders.ts";
import { remains } from "./runtimes/scene.ts";

const bridge = (ipam: Conf): Conf => ({ type: "bridge", bridge: "br0", isGateway: true, ipMasq: true, ipam });
const range = (subnet: string, more: Conf = {}): Conf => ({ type: "host-local", ranges: [[{ subnet }]], ...more });

interface Failure {
  readonly code: number;
  readonly msg: string;
  readonly details?: string;
}

function failure({ code, stdout }: Answer | undefined = { type: "", code: 0, stdout: "", stderr: "" }): Failure {
  expect(code).toBe(1);
  return JSON.parse(stdout) as Failure;
}

async function scene(folder: PluginFolder, pods: readonly string[]): Promise<Box> {
  const box = await Box.open();
  supply(box, folder, folder);
  box.run(["ip", "-batch", "-"], { stdin: pods.map((pod) => `netns add ${pod}\n`).join("") });
  return box;
}

function faults(folder: PluginFolder): void {
  test("200 ADDs at once give 200 addresses, and 200 DELs at once take them back", async () => {
    const pods = Array.from({ length: 200 }, (_, at) => `p${at}`);
    using box = await scene(folder, pods);
    const stdin = JSON.stringify({ cniVersion: "1.0.0", name: "net1", ...bridge(range("10.7.0.0/24")) });
    const together = async (command: string): Promise<readonly string[]> =>
      Promise.all(
        pods.map(async (pod) => {
          const env = {
            CNI_COMMAND: command,
            CNI_CONTAINERID: pod,
            CNI_NETNS: `/run/netns/${pod}`,
            CNI_IFNAME: "eth0",
            CNI_PATH: pluginPath,
          };
          const run = box.start([`${pluginPath}/bridge`], { env, stdin });
          const said = await run.stdout.text();
          expect({ pod, code: await run.exited, said }).toEqual({ pod, code: 0, said });
          return said;
        }),
      );
    const addresses = (await together("ADD")).map(
      (said) => (JSON.parse(said) as { ips: { address: string }[] }).ips[0]?.address,
    );
    expect(new Set(addresses).size).toBe(200);
    const masqueraded = box
      .run("nft list ruleset")
      .split("\n")
      .filter((line) => line.includes("10.7.0."));
    expect(masqueraded.length).toBeGreaterThanOrEqual(200);
    await together("DEL");
    expect(remains(box, ["10.7.0."])).toEqual([]);
  });

  test("a full range is named with its count, and the one too many leaves nothing", async () => {
    using box = await scene(folder, ["a", "b", "c"]);
    const caller = new Caller(box, "1.1.0", [bridge(range("10.7.0.0/30"))]);
    const add = (pod: string): CallStep => ({ call: "ADD", id: pod, netns: pod });
    expect(caller.call(add("a"))[0]?.code).toBe(0);
    const before = remains(box, ["10.7.0."]);
    const { code, msg, details } = failure(caller.call(add("b"))[0]);
    expect(code).toBeGreaterThanOrEqual(100);
    expect(`${msg} ${details ?? ""}`).toMatch(/10\.7\.0\.0\/30|10\.7\.0\.2/);
    expect(remains(box, ["10.7.0."])).toEqual(before);
    expect(box.run("ip -n b -br link").trim().split("\n").length).toBe(1);
    expect(failure(caller.call({ call: "STATUS" })[0]).code).toBe(50);
  });

  for (const [what, mount] of [
    ["a disk without room", "size=4k,nr_inodes=2"],
    ["a disk that cannot be written", "ro"],
  ] as const)
    test(`${what}: ADD says which folder, and leaves nothing`, async () => {
      using box = await scene(folder, ["a"]);
      box.sh(`mkdir /run/full; mount -n -t tmpfs -o ${mount} none /run/full`);
      const caller = new Caller(box, "1.0.0", [bridge(range("10.7.0.0/24", { dataDir: "/run/full" }))]);
      const { msg, details } = failure(caller.call({ call: "ADD" })[0]);
      expect(`${msg} ${details ?? ""}`).toContain("/run/full");
      expect(remains(box, ["10.7.0."])).toEqual([]);
      expect(box.run("ip -n a -br link").trim().split("\n").length).toBe(1);
      expect(caller.call({ call: "DEL" })[0]?.code).toBe(0);
    });

  for (const type of ["bridge", "ptp"])
    test(`${type}: a /proc/sys that cannot be written is no reason to fail, but for what it cannot do without`, async () => {
      using box = await scene(folder, ["a"]);
      const locked = "mount -n --bind /proc/sys /proc/sys; mount -n -o remount,bind,ro /proc/sys";
      const ranges = { type: "host-local", ranges: [[{ subnet: "10.7.0.0/24" }], [{ subnet: "fd07::/64" }]] };
      const caller = new Caller(box, "1.0.0", [{ ...bridge(ranges), type }]);
      box.sh(locked);
      const { msg, details } = failure(caller.call({ call: "ADD" })[0]);
      expect([msg, details]).toEqual([
        expect.stringContaining("net.ipv4.ip_forward"),
        expect.stringContaining("/proc/sys is read-only here: set it to 1 beforehand"),
      ]);
      expect(remains(box, ["10.7.0."])).toEqual([]);
      box.sh(
        `umount -n /proc/sys; echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding; ${locked}`,
      );
      for (const call of ["ADD", "CHECK", "DEL"] as const)
        expect({ call, answer: caller.call({ call })[0] }).toMatchObject({ call, answer: { code: 0 } });
      expect(remains(box, ["10.7.0."])).toEqual([]);
    });

  describe("input", () => {
    const conf = { cniVersion: "1.0.0", name: "net1", type: "bridge", bridge: "br0", ipam: range("10.7.0.0/24") };
    const ask = async (
      stdin: string | Uint8Array,
      more: Partial<CallStep> = {},
    ): Promise<{ readonly answer: Answer; readonly left: readonly string[] }> => {
      using box = await scene(folder, ["a"]);
      const caller = new Caller(box, "1.0.0", [{ type: "bridge" }]);
      const [answer] = caller.call({ call: "ADD", stdin: stdin as string, ...more });
      if (answer === undefined) throw new Error("no plugin was called");
      return { answer, left: remains(box, ["10.7.0."]) };
    };

    test("of 5 MB that is a configuration is read", async () => {
      const { answer } = await ask(JSON.stringify({ ...conf, comment: "x".repeat(5_000_000) }));
      expect(answer.code).toBe(0);
    });

    for (const [what, stdin] of [
      ["a configuration", JSON.stringify({ ...conf, comment: "x".repeat(10_000_000) })],
      ["none", `{"name":"${"x".repeat(10_000_000)}`],
    ] as const)
      test(`of 10 MB that is ${what} is refused in few words`, async () => {
        const { answer, left } = await ask(stdin);
        expect(failure(answer).code).toBe(5);
        expect(answer.stdout.length).toBeLessThan(2000);
        expect(left).toEqual([]);
      });

    test("of 10,000 brackets is refused", async () => {
      const { answer, left } = await ask("[".repeat(10_000));
      expect(failure(answer).code).toBe(6);
      expect(left).toEqual([]);
    });

    test("of bytes that are no text is refused", async () => {
      const { answer, left } = await ask(Uint8Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256));
      expect(failure(answer).code).toBe(6);
      expect(left).toEqual([]);
    });

    for (const name of ["../../etc", "..", ".", "a/b", "a\nb", ""])
      test(`with the network name ${JSON.stringify(name)} is refused`, async () => {
        const { answer, left } = await ask(JSON.stringify({ ...conf, name }));
        expect(failure(answer).code).toBe(7);
        expect(left).toEqual([]);
      });

    for (const id of ["../../etc/x", "..", "a/b", "a\nb", "-a"])
      test(`with the container ID ${JSON.stringify(id)} is refused`, async () => {
        const { answer, left } = await ask(JSON.stringify(conf), { id });
        expect(failure(answer).code).toBe(4);
        expect(left).toEqual([]);
      });

    for (const ifname of ["sixteen-letters-", "a/b", "..", "a b", "a:b", "é".repeat(8)])
      test(`with the interface name ${JSON.stringify(ifname)} is refused`, async () => {
        const { answer, left } = await ask(JSON.stringify(conf), { ifname });
        expect(failure(answer).code).toBe(4);
        expect(left).toEqual([]);
      });
  });
}

if (ours === undefined) test.skip("bad days (needs the executable; test/cni/setup builds it)", () => {});
else faults(ours);
