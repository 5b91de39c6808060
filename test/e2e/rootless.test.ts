/** A lab of an ordinary user: no root, a keeper process while it is up, and nothing left when it is down. */
import { afterAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../eventually.ts";
import { listing, type Said } from "./sandbox.ts";

const root = join(import.meta.dir, "../..");
const folder = mkdtempSync(join(tmpdir(), "netloom-rootless-"));
afterAll(() => rmSync(folder, { recursive: true }));

// The checkout may be in a folder that others cannot enter; the sandbox's /run is gone with it.
const checkout = "/run/checkout";
mkdirSync(checkout);
Bun.spawnSync(["mount", "--bind", root, checkout]);

/** A process that keeps a user namespace with these users mapped; gone after the tests. */
async function holdUserNamespace(map: string): Promise<number> {
  const holder = Bun.spawn(["unshare", "--user", "sleep", "infinity"], { stdin: "ignore", stdout: "ignore" });
  afterAll(() => holder.kill());
  const file = (name: string): string => `/proc/${holder.pid}/${name}`;
  await eventually("it has a user namespace of its own", () => readFileSync(file("uid_map"), "utf8") === "");
  if (!others) writeFileSync(file("setgroups"), "deny");
  for (const name of ["uid_map", "gid_map"]) writeFileSync(file(name), map);
  return holder.pid;
}

/** Becomes somebody who is not root. A sandbox in a user namespace has nobody else: there root gets another number. */
const uid = 65_534;
const others = readFileSync("/proc/self/uid_map", "utf8").trim().split(/\s+/).at(-1) !== "1";
const asUser = others
  ? ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--"]
  : ["nsenter", "--user", `--target=${await holdUserNamespace(`${uid} 0 1`)}`, "--preserve-credentials", "--"];
const home = join(folder, "home");
const runtime = join(folder, "run");
const state = join(runtime, "netloom");
for (const path of [home, runtime]) {
  mkdirSync(path, { mode: 0o700 });
  if (others) chownSync(path, uid, uid);
}
chmodSync(folder, 0o755);

const { TEST_SANDBOX: _, ...env } = process.env;

function run(...command: readonly string[]): Said {
  const done = Bun.spawnSync([...command], {
    cwd: home,
    stdin: "ignore",
    env: { ...env, HOME: home, XDG_RUNTIME_DIR: runtime },
  });
  return { code: done.exitCode, stdout: done.stdout.toString(), stderr: done.stderr.toString() };
}
const program = join(checkout, "bin/netloom");
const netloom = (...args: readonly string[]): Said => run(...asUser, program, ...args);

const file = join(folder, "mine.netloom.yaml");
writeFileSync(file, "name: mine\nnodes: 2\npods: 2\nunderlay:\n  prefixes: fd00:9::/64\n");

const trial = run(...asUser, "unshare", "--user", "--map-root-user", "--net", "true");
const reason = trial.code === 0 ? "" : `: ${trial.stderr.trim()}`;

describe.skipIf(reason !== "")(`an ordinary user's lab (needs user namespaces${reason})`, () => {
  const before = listing();
  let keeper = 0;

  test("there is none", () => {
    expect(netloom("exec", "vm-001-ns01", "--", "true").code).toBe(7);
    expect(netloom("ls")).toEqual({ code: 0, stdout: "", stderr: "no lab is up\n" });
    expect(existsSync(join(state, "keeper.json"))).toBe(false);
  });

  test("two that are the first, at once, are in one namespace", async () => {
    const ups = ["one", "two"].map((name) => {
      const path = join(folder, `${name}.netloom.yaml`);
      writeFileSync(path, `name: ${name}\npods: 1\n`);
      return Bun.spawn([...asUser, program, "up", "-q", "--no-test", path], {
        cwd: home,
        stdin: "ignore",
        stdout: "ignore",
        stderr: "ignore",
        env: { ...env, HOME: home, XDG_RUNTIME_DIR: runtime },
      }).exited;
    });
    expect(await Promise.all(ups)).toEqual([0, 0]);
    for (const name of ["one", "two"])
      expect(netloom("exec", "--lab", name, "vm-001-ns01", "--", "true")).toMatchObject({ code: 0 });
    expect(netloom("down", "--all", "--yes").code).toBe(0);
  });

  test("doctor tries the kernel where labs would be", () => {
    const report = JSON.parse(netloom("doctor", "-o", "json").stdout) as {
      readonly findings: readonly { readonly id: string; readonly verdict: string }[];
    };
    const verdicts = new Map(report.findings.map(({ id, verdict }) => [id, verdict]));
    expect(["privileges.namespaces", "link.veth", "link.bridge"].map((id) => verdicts.get(id))).toEqual([
      "ok",
      "ok",
      "ok",
    ]);
  });

  test("goes up, and passes its test", () => {
    const up = netloom("up", "-f", file);
    expect(up).toMatchObject({ code: 0, stderr: expect.stringMatching(/^lab mine is up: \d+ changes\n$/) });
    expect(up.stdout).toContain("all 40 pairs as expected");
    keeper = (JSON.parse(readFileSync(join(state, "keeper.json"), "utf8")) as { readonly pid: number }).pid;
    expect(existsSync(`/proc/${keeper}`)).toBe(true);
  });

  test("is found by every command", () => {
    expect(netloom("ls", "-o", "name").stdout).toBe("mine\n");
    expect(netloom("inspect", "-o", "name").stdout).toContain("vm-002-ns02\n");
    expect(netloom("plan", "-f", file, "--exit-code", "-q").code).toBe(0);
    expect(netloom("test", "mine", "--mtu", "auto").code).toBe(0);
    expect(netloom("graph").stdout).toContain("mine: 2 nodes, 4 pods");
    const complete = netloom("__complete", "--", "exec", "vm-001-ns").stdout;
    expect(complete).toBe("vm-001-ns01\nvm-001-ns02\n");
  });

  test("runs commands as root of its own, in the pod, in the folder one is in", () => {
    const run = netloom("exec", "vm-001-ns01", "--", "sh", "-c", "id -u; hostname; pwd; ls /sys/class/net; exit 3");
    expect(run).toEqual({ code: 3, stdout: `0\nvm-001-ns01\n${home}\neth0\nlo\n`, stderr: "" });
  });

  test("is not seen by root", () => {
    expect(listing()).toEqual(before);
  });

  test("can be one on Open vSwitch, whose daemons are the user's", () => {
    const own = join(folder, "own.netloom.yaml");
    writeFileSync(own, "name: own\nnodes: 2\npods: 1\nnetwork: {driver: ovs, join: l2}\n");
    const up = netloom("up", "-f", own);
    expect(up).toMatchObject({ code: 0, stderr: expect.stringContaining("lab own is up") });
    const pid = Number(readFileSync(join(state, "own/ovs/own-vm-001/ovs-vswitchd.pid"), "utf8"));
    expect(runs(pid)).toBe(true);
    expect(netloom("down", "own").code).toBe(0);
    expect(runs(pid)).toBe(false);
  });

  test("goes down with its keeper, and leaves nothing", async () => {
    const down = netloom("down", "mine");
    expect(down).toMatchObject({ code: 0, stderr: expect.stringMatching(/^lab mine is down: 7 namespaces deleted/) });
    // It was sent a signal; the kernel ends it when it gets its turn.
    await eventually("the keeper has ended", () => !runs(keeper));
    expect(readdirSync(state)).toEqual([]);
    expect(listing()).toEqual(before);
  });
});

describe.skipIf(!others)("where user namespaces are forbidden (needs root)", () => {
  /** The limit counts for a user namespace and all below it: its root sets it, and then becomes somebody else. */
  async function forbidden(...args: readonly string[]): Promise<Said> {
    const holder = await holdUserNamespace(`0 0 ${uid + 1}`);
    const forbid = 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"';
    const inside = ["nsenter", "--user", `--target=${holder}`, "--", "sh", "-c", forbid, "sh"];
    return run(...inside, ...asUser, program, ...args);
  }

  test("up says so, and leaves nothing", async () => {
    const { code, stdout, stderr } = await forbidden("up", "-f", file);
    expect({ code, stdout }).toEqual({ code: 6, stdout: "" });
    expect(stderr).toStartWith("netloom: make a user namespace: ");
    expect(stderr).toContain("'netloom doctor' names the setting");
    expect(readdirSync(state)).toEqual([]);
  });

  test("doctor names the setting", async () => {
    const { code, stdout } = await forbidden("doctor");
    expect(code).toBe(6);
    expect(stdout).toContain("fix: sysctl -w user.max_user_namespaces=10000\n");
  });
});

/** A process that has ended and was not yet waited for by its parent does not run. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
