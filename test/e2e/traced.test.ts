/** What strace and the process list see of labs: the order of what is written and what is done, and who runs. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { netloom } from "./sandbox.ts";

const root = join(import.meta.dir, "../..");
const file = join(root, "examples/overlay.netloom.yaml");
const trace = "/run/trace";
const main = ["--no-install", "--no-env-file", "--config=/dev/null", join(root, "src/cli/main.ts")];

/** The system calls of netloom, without the shell scripts that find Bun. */
function traced(calls: string, ...args: readonly string[]): readonly string[] {
  const strace = ["strace", "-f", "-qq", "-e", "signal=none", "-e", "status=successful", "-o", trace];
  const run = Bun.spawnSync([...strace, "-e", `trace=${calls}`, process.execPath, ...main, ...args], { cwd: root });
  expect({ code: run.exitCode, stderr: run.exitCode === 0 ? "" : run.stderr.toString() }).toEqual({
    code: 0,
    stderr: "",
  });
  const lines = readFileSync(trace, "utf8").trimEnd().split("\n");
  rmSync(trace);
  return lines.map((line) => line.replace(/^\d+ +/, ""));
}

const strace = Bun.which("strace");
beforeAll(() => {
  netloom("down", "overlay");
});
afterAll(() => {
  netloom("down", "overlay");
});

describe.skipIf(strace === null)("up (needs strace)", () => {
  test("has state and journal on the disk before the first namespace is made", () => {
    const calls = traced("openat,fsync,rename,mount,unshare,unlinkat", "up", "-q", "--no-test", file);
    const at = (pattern: RegExp): number => calls.findIndex((line) => pattern.test(line));
    /** The descriptor that a file was opened as is synced next, and only then is anything done. */
    const synced = (path: string): number => {
      const opened = at(new RegExp(`^openat\\(.*"${path}", O_WRONLY`));
      const fd = / = (\d+)$/.exec(calls[opened] ?? "")?.[1] ?? "none";
      const after = calls.slice(opened).findIndex((line) => line.startsWith(`fsync(${fd})`));
      return after < 0 ? Infinity : opened + after;
    };
    const steps = [
      synced("/run/netloom/overlay/lab.json.new"),
      at(/^rename\("\/run\/netloom\/overlay\/lab.json.new"/),
      synced("/run/netloom/overlay/journal.ndjson"),
      at(/^unshare\(CLONE_NEWUTS\|CLONE_NEWNET\)/),
      at(/^unlinkat\(.*"\/run\/netloom\/overlay\/journal.ndjson"/),
    ];
    expect(steps.every((step) => step >= 0 && step < calls.length)).toBe(true);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  test.each([`up -q ${file}`, "test -q overlay", "down -q overlay"])("%s runs no other program", (line) => {
    if (line.startsWith("up")) expect(netloom("down", "overlay").code).toBe(0);
    const programs = traced("execve", ...line.split(" "));
    expect(programs.map((call) => /^execve\("([^"]*)"/.exec(call)?.[1])).toEqual([process.execPath]);
  });
});

describe("a lab that is up", () => {
  beforeAll(() => {
    expect(netloom("up", "-q", "--no-test", file).code).toBe(0);
  });

  const names = () => readdirSync("/run/netns");

  test("has no process", () => {
    for (const name of names()) {
      const inside = Bun.spawnSync(["ip", "netns", "pids", name]);
      expect([name, inside.exitCode, inside.stdout.toString()]).toEqual([name, 0, ""]);
    }
  });

  test("has its tag on every link", () => {
    expect(names()).toHaveLength(9);
    for (const name of names()) {
      const run = Bun.spawnSync(["ip", "-n", name, "-j", "link"]);
      const links = JSON.parse(run.stdout.toString()) as readonly {
        readonly ifname: string;
        readonly ifalias?: string;
      }[];
      expect(links.length).toBeGreaterThan(1);
      for (const { ifname, ifalias } of links) {
        if (ifname === "lo") expect(ifalias).toBe("netloom:overlay");
        else expect([ifname, ifalias]).toEqual([ifname, expect.stringMatching(/^netloom:overlay\//)]);
      }
    }
  });
});
