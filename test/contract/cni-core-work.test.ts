/** What a plugin does through its work is undone by it: ops, other steps, and delegates of ours and of others. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Op } from "../../src/change/index.ts";
import { type Call, CniError, type Plugin, specVersions } from "../../src/cni/index.ts";
import { LiveWork } from "../../src/cni/work.ts";
import { MemoryKernel } from "../../src/kernel/memory.ts";
import { addr, bridge, ifname } from "./wishes.ts";

const folder = mkdtempSync(join(tmpdir(), "netloom-work-"));
afterAll(() => rmSync(folder, { recursive: true }));
// This process's executable by another name, as /opt/cni/bin/ipam is a link to netloom.
symlinkSync(process.execPath, join(folder, "ipam"));
const told = join(folder, "told");
const foreign = join(folder, "foreign");
writeFileSync(
  foreign,
  `#!/bin/sh
printf '%s %s ' "$CNI_COMMAND" "$CNI_CONTAINERID" >>${told}; cat >>${told}
[ "$CNI_COMMAND" = ADD ] || exit 0
[ -z "$FAILS" ] || { echo '{"code":11,"msg":"come back later"}'; exit 1; }
echo '{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.0.0.9/8"}]}'
`,
);
chmodSync(foreign, 0o755);
writeFileSync(join(folder, "broken"), "#!/no/such/interpreter\n");
chmodSync(join(folder, "broken"), 0o755);

const call: Call = {
  command: "ADD",
  containerId: "c1",
  netns: "/run/netns/a",
  ifname: "eth0",
  args: "",
  path: ["/no/such/folder", folder],
  version: "1.0.0",
  network: "n1",
  conf: {},
};

let kernel: MemoryKernel;
let log: string[];
beforeEach(() => {
  kernel = new MemoryKernel();
  kernel.run([{ do: "netns.create", netns: "host", owner: "o", hostname: "h" }]);
  log = [];
  rmSync(told, { force: true });
});

function workOf(plugin?: Plugin, more: Partial<Call> = {}, env: Record<string, string> = {}): LiveWork {
  const find = (name: string): (() => Promise<Plugin>) | undefined =>
    name === plugin?.name ? () => Promise.resolve(plugin) : undefined;
  const ports = {
    env: { PATH: process.env["PATH"], CNI_CONTAINERID: "c1", CNI_COMMAND: "ADD", ...env },
    stdin: '{"name":"n1"}\n',
    find,
    log: (line: string) => void log.push(line),
  };
  return new LiveWork({ ...call, ...more }, ports, true, () => kernel);
}

/** What a promise is rejected with. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const links = (): readonly string[] =>
  kernel
    .facts({ namespaces: ["host"] })
    .get("host")
    ?.links.map(({ name }) => name)
    .toSorted() ?? [];
const add = (name: string): Op => ({ do: "link.add", netns: "host", link: bridge(name) });
const give = (name: string, address: string): Op => ({
  do: "addr.add",
  netns: "host",
  dev: ifname(name),
  addr: addr(address),
});

describe("ops", () => {
  test("are undone from the last to the first, among other steps", async () => {
    const work = workOf();
    const seen: (readonly string[])[] = [];
    work.run([add("br0"), give("br0", "10.0.0.1/8")]);
    work.undo("look", () => void seen.push(links()));
    work.run([add("br1")]);
    expect(links()).toEqual(["br0", "br1", "lo"]);
    expect(await work.unwind()).toEqual([]);
    expect(seen).toEqual([["br0", "lo"]]);
    expect(links()).toEqual(["lo"]);
    expect(await work.unwind()).toEqual([]);
  });

  test("of a run that is refused in its middle, those that were done", async () => {
    const work = workOf();
    work.run([add("br0")]);
    expect(() => work.run([add("br1"), add("br0"), add("br2")])).toThrow(
      expect.objectContaining({ name: "OpError", code: "exists" }),
    );
    expect(links()).toEqual(["br0", "br1", "lo"]);
    expect(await work.unwind()).toEqual([]);
    expect(links()).toEqual(["lo"]);
  });

  test("what cannot be undone is told, the rest is undone", async () => {
    const work = workOf();
    kernel.run([add("br1")]);
    work.run([add("br0"), give("br1", "10.0.0.1/8")]);
    work.undo("write a file", () => Promise.reject(new Error("the disk is full")));
    kernel.run([{ do: "addr.delete", netns: "host", dev: ifname("br1"), addr: addr("10.0.0.1/8") }]);
    const failures = await work.unwind();
    expect(failures[0]).toBe("write a file: the disk is full");
    expect(failures[1]).toContain("10.0.0.1/8");
    expect(failures).toHaveLength(2);
    expect(links()).toEqual(["br1", "lo"]);
  });
});

/** An IPAM that makes a bridge, so that one sees what it does. */
class Ipam implements Plugin {
  readonly name = "ipam";
  readonly about = "";
  readonly versions = specVersions.slice(2);
  readonly calls: string[] = [];
  readonly failure: Error | undefined;
  constructor(failure?: Error) {
    this.failure = failure;
  }
  parse({ command }: Call): undefined {
    this.calls.push(command);
  }
  add(_: unknown, __: Call, work: LiveWork): { ips: [{ address: never }] } {
    work.run([add("ipam0")]);
    if (this.failure !== undefined) throw this.failure;
    return { ips: [{ address: "10.0.0.2/8" as never }] };
  }
  del(): void {}
}

describe("a delegate of ours", () => {
  test("works on the same kernel, and is undone with the rest", async () => {
    const ipam = new Ipam();
    const work = workOf(ipam);
    work.run([add("br0")]);
    expect(await work.delegate("ipam")).toEqual({ ips: [{ address: "10.0.0.2/8" as never }] });
    expect(links()).toEqual(["br0", "ipam0", "lo"]);
    expect(await work.unwind()).toEqual([]);
    expect(links()).toEqual(["lo"]);
    expect(ipam.calls).toEqual(["ADD"]);
    expect(existsSync(told)).toBe(false);
  });

  test("that fails leaves nothing of its own, at once", async () => {
    const work = workOf(new Ipam(new CniError(103, "no address is left")));
    work.run([add("br0")]);
    expect(await failure(work.delegate("ipam"))).toMatchObject({ code: 103 });
    expect(links()).toEqual(["br0", "lo"]);
  });

  test("is called with another command, and must support the version", async () => {
    const ipam = new Ipam();
    expect(await workOf(ipam).delegate("ipam", "DEL")).toBeUndefined();
    expect(await workOf(ipam, { command: "CHECK" }).delegate("ipam")).toBeUndefined();
    expect(ipam.calls).toEqual(["DEL", "CHECK"]);
    expect(await failure(workOf(ipam, { version: "0.2.0" }).delegate("ipam"))).toMatchObject({
      code: 1,
      message: "plugin ipam does not support CNI 0.2.0",
    });
  });
});

describe("a delegate of others", () => {
  const said = (): string => readFileSync(told, "utf8");

  test("gets the same variables and the configuration as it was written, and a DEL when the rest fails", async () => {
    const work = workOf();
    expect(await work.delegate("foreign")).toEqual({ ips: [{ address: "10.0.0.9/8" as never }] });
    expect(said()).toBe('ADD c1 {"name":"n1"}\n');
    expect(await work.unwind()).toEqual([]);
    expect(said()).toBe('ADD c1 {"name":"n1"}\nDEL c1 {"name":"n1"}\n');
  });

  test("gets a DEL also when its own ADD failed (SPEC section 4)", async () => {
    const work = workOf(undefined, {}, { FAILS: "1" });
    expect(await failure(work.delegate("foreign"))).toMatchObject({ code: 11, message: "come back later" });
    await work.unwind();
    expect(said()).toBe('ADD c1 {"name":"n1"}\nDEL c1 {"name":"n1"}\n');
  });

  test("that cannot be run gets none", async () => {
    const work = workOf();
    expect(await failure(work.delegate("broken"))).toMatchObject({
      message: expect.stringContaining(`cannot run ${join(folder, "broken")}: it, or the interpreter`),
    });
    expect(await work.unwind()).toEqual([]);
  });

  test("other commands are passed on once", async () => {
    expect(await workOf(undefined, { command: "GC" }).delegate("foreign")).toBeUndefined();
    expect(said()).toBe('GC c1 {"name":"n1"}\n');
  });
});

test("a delegate that is not there, or no name", async () => {
  expect(await failure(workOf().delegate("nosuch"))).toMatchObject({
    code: 102,
    message: "cannot find plugin nosuch",
    details: `at ipam.type: it is not in CNI_PATH (/no/such/folder, ${folder}): correct the name, or install it there`,
  });
  expect(await failure(workOf(undefined, { path: [] }).delegate("nosuch"))).toMatchObject({
    details: "CNI_PATH is not set: it names the folders of plugins",
  });
  for (const type of ["", "../ipam", "a/b"])
    expect(await failure(workOf().delegate(type))).toMatchObject({
      code: 7,
      message: `invalid plugin name ${JSON.stringify(type)}`,
    });
});
