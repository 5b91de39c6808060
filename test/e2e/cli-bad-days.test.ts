/** Signals, locks and names that others have: what was there before is there afterwards. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../eventually.ts";
import { listing, netloom } from "./sandbox.ts";

const program = join(import.meta.dir, "../../bin/netloom");
const folder = mkdtempSync(join(tmpdir(), "netloom-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

function labFile(name: string, nodes: number, pods: number): string {
  const path = join(folder, `${name}.netloom.yaml`);
  writeFileSync(path, `name: ${name}\nnodes: ${nodes}\npods: ${pods}\nunderlay:\n  prefixes: 10.9.0.0/24\n`);
  return path;
}

/** All that `ip` shows of this namespace, and every name there is. */
function everything(): unknown {
  const dumps = [["address"], ["-4", "route"], ["-6", "route"], ["rule"], ["neighbour"]].map((words) =>
    Bun.spawnSync(["ip", "-j", ...words]).stdout.toString(),
  );
  return { dumps, names: listing() };
}

describe("a signal in the middle of up", () => {
  for (const [signal, code] of [
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    test(`${signal} undoes all of a new lab of 200 pods`, async () => {
      const before = everything();
      const run = Bun.spawn([program, "up", labFile("big", 2, 100)], { stdout: "pipe", stderr: "pipe" });
      await eventually("twenty namespaces are there", () => namespaces() >= 20);
      run.kill(signal);
      const stderr = await run.stderr.text();
      expect(await run.exited).toBe(code);
      expect(stderr).toContain(`netloom: ${signal}: stopping`);
      expect(stderr).toContain("everything was undone");
      expect(everything()).toEqual(before);
    });
  }

  test("one that comes twice at once, to the process and to its group, is one", async () => {
    const before = everything();
    const run = Bun.spawn([program, "up", labFile("big", 2, 100)], { stdout: "pipe", stderr: "pipe" });
    await eventually("twenty namespaces are there", () => namespaces() >= 20);
    run.kill("SIGINT");
    run.kill("SIGINT");
    expect(await run.stderr.text()).toContain("everything was undone");
    expect(await run.exited).toBe(130);
    expect(everything()).toEqual(before);
  });

  test("SIGKILL leaves a half-made lab that ls shows, up completes and down removes", async () => {
    const before = everything();
    const file = labFile("big", 2, 100);
    const run = Bun.spawn([program, "up", file], { stdout: "ignore", stderr: "ignore" });
    await eventually("twenty namespaces are there", () => namespaces() >= 20);
    run.kill("SIGKILL");
    await run.exited;
    expect(netloom("ls").stdout).toMatch(/big +half-made/);
    const up = netloom("up", "--no-test", file);
    expect(up.code).toBe(0);
    expect(up.stderr).toContain("had been stopped in the middle; it is finished now");
    expect(netloom("down", "big").code).toBe(0);
    expect(everything()).toEqual(before);
  });
});

describe("a signal in the middle of down", () => {
  test("stops it with what is done; the lab is half-made, and the same command goes on", async () => {
    const before = everything();
    // More than two groups of namespaces, between which it listens.
    expect(netloom("up", "-q", "--no-test", labFile("big", 3, 200)).code).toBe(0);
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const there = namespaces();
      const run = Bun.spawn([program, "down", "big", "other"], { stdout: "pipe", stderr: "pipe" });
      await eventually("the first namespaces are gone", () => namespaces() < there);
      run.kill(signal);
      const stderr = await run.stderr.text();
      expect(await run.exited).toBe(code);
      expect(stderr).toContain(`netloom: ${signal}: stopping`);
      expect(stderr).toMatch(
        /lab big is not wholly down: \d+ of 604 namespaces are deleted; run the same command again/,
      );
      expect(stderr).toEndWith("netloom: lab other was left as it is\n");
      expect(namespaces()).toBeGreaterThan(0);
      expect(netloom("ls").stdout).toMatch(/big +half-made/);
    }
    expect(netloom("down", "big").code).toBe(0);
    expect(everything()).toEqual(before);
  });
});

describe("two at once", () => {
  test("the second fails clearly, or waits", async () => {
    const file = labFile("busy", 1, 1);
    expect(netloom("up", "-q", "--no-test", file).code).toBe(0);
    const holder = Bun.spawn(["flock", "/run/netloom/busy.lock", "sh", "-c", "echo held; cat"], {
      stdin: "pipe",
      stdout: "pipe",
    });
    for await (const _ of holder.stdout) break;
    const second = netloom("up", "--no-test", file);
    expect(second).toMatchObject({ code: 8, stdout: "" });
    expect(second.stderr).toStartWith("netloom: lab busy is being changed by another netloom");
    expect(netloom("down", "busy").code).toBe(8);
    const patient = Bun.spawn([program, "up", "-q", "--no-test", "--wait", "30s", file], { stdout: "ignore" });
    await Bun.sleep(500);
    expect(patient.exitCode).toBeNull();
    await holder.stdin.end();
    expect(await patient.exited).toBe(0);
    expect(netloom("down", "busy").code).toBe(0);
  });
});

test("down names the processes that keep a namespace alive", async () => {
  const before = everything();
  expect(netloom("up", "-q", "--no-test", labFile("held", 1, 2)).code).toBe(0);
  // Said before the shell has become `sleep`, its name would be another.
  const inside = ["sh", "-c", "echo ready; exec sleep 300"];
  const sleeper = Bun.spawn([program, "exec", "held/vm-001-ns02", "--", ...inside], { stdout: "pipe" });
  for await (const _ of sleeper.stdout) break;
  const name = () => Bun.file(`/proc/${sleeper.pid}/comm`).text();
  await eventually("it sleeps", async () => (await name()) === "sleep\n");
  const down = netloom("down", "held");
  expect(down.code).toBe(0);
  expect(down.stderr).toContain(
    `netloom: process ${sleeper.pid} (sleep) still runs in held-vm-001-ns02: that namespace goes when it ends`,
  );
  sleeper.kill();
  await sleeper.exited;
  expect(everything()).toEqual(before);
});

describe("what is not ours", () => {
  test("a namespace that has a name we need is refused and left as it is", () => {
    const file = labFile("taken", 1, 1);
    Bun.spawnSync(["ip", "netns", "add", "taken-vm-001"]);
    Bun.spawnSync(["ip", "-n", "taken-vm-001", "link", "add", "mine", "type", "bridge"]);
    const before = [everything(), ip("taken-vm-001")];
    const up = netloom("up", file);
    expect(up).toMatchObject({ code: 8, stdout: "" });
    expect(up.stderr).toStartWith(
      "netloom: the namespace taken-vm-001 exists and was not made by netloom; it was left untouched",
    );
    expect([everything(), ip("taken-vm-001")]).toEqual(before);
    expect(netloom("cleanup", "-y").stderr).toBe("nothing is left over\n");
    expect([everything(), ip("taken-vm-001")]).toEqual(before);
    Bun.spawnSync(["ip", "netns", "delete", "taken-vm-001"]);
  });

  test("cleanup removes what is tagged and remembered by nobody, and nothing else", () => {
    const before = everything();
    expect(netloom("up", "-q", "--no-test", labFile("lost", 1, 1)).code).toBe(0);
    rmSync("/run/netloom/lost", { recursive: true });
    const dry = netloom("cleanup", "--dry-run");
    expect(dry.stdout.trim().split("\n").toSorted()).toEqual([
      "lost-fabric (lab lost)",
      "lost-vm-001 (lab lost)",
      "lost-vm-001-ns01 (lab lost)",
    ]);
    expect(netloom("cleanup").stderr).toBe("3 namespaces removed\n");
    expect(everything()).toEqual(before);
  });
});

describe("what cannot be done", () => {
  const file = join(folder, "delayed.netloom.yaml");
  writeFileSync(file, "name: delayed\nnodes: 1\npods: 1\nlinks: [{on: vm-001-ns01, delay: 20ms}]\n");
  const doctor = JSON.parse(netloom("doctor", file, "-o", "json").stdout) as {
    readonly findings: readonly { readonly id: string; readonly verdict: string; readonly required: boolean }[];
  };
  const netem = doctor.findings.find(({ id }) => id === "qdisc.netem");

  test.skipIf(netem?.verdict !== "missing")("a delay on a kernel without netem (needs one)", () => {
    const before = everything();
    expect(netem?.required).toBe(true);
    expect(netloom("doctor", file).code).toBe(6);
    const up = netloom("up", file);
    expect(up).toMatchObject({ code: 6, stdout: "" });
    expect(up.stderr).toStartWith("netloom: bring up lab delayed: tc -n delayed-vm-001");
    expect(up.stderr).toContain("this kernel lacks CONFIG_NET_SCH_NETEM");
    expect(up.stderr).toEndWith("\neverything was undone\n");
    expect(everything()).toEqual(before);
  });

  test("state in a folder that cannot be made", () => {
    const before = everything();
    const env = { ...process.env, NETLOOM_STATE_DIR: "/proc/nowhere" };
    const up = Bun.spawnSync([program, "up", labFile("nowhere", 1, 1)], { env });
    expect(up.exitCode).toBe(1);
    expect(up.stderr.toString()).toStartWith("netloom: the state of lab nowhere cannot be written down");
    expect(everything()).toEqual(before);
  });
});

test("errors and notes have no escape codes on a terminal that is to have no colour", () => {
  const onTerminal = (line: string): string =>
    Bun.spawnSync(["script", "-qec", line, "/dev/null"], { stdin: "ignore" }).stdout.toString();
  expect(onTerminal(`${program} inspect nobody --no-color`)).toBe(
    "netloom: there is no lab called nobody (none is running)\r\n",
  );
});

test("NETLOOM_ variables stand for flags, and the command line beats them", () => {
  const file = labFile("env", 1, 1);
  const run = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    Bun.spawnSync([program, ...args], { env: { ...process.env, ...env } });
  expect(run({ NETLOOM_PLAN_FILE: file, NETLOOM_PLAN_EXIT_CODE: "1" }, "plan").exitCode).toBe(3);
  expect(run({ NETLOOM_LS_OUTPUT: "json" }, "ls").stdout.toString()).toContain("schemaVersion");
  expect(run({ NETLOOM_OUTPUT: "json" }, "ls", "-o", "name").stdout.toString()).toBe("");
  expect(run({ NETLOOM_LAB: "nobody" }, "inspect").stderr.toString()).toContain("there is no lab called nobody");
  const traced = run({ NETLOOM_TRACE: "nl" }, "up", "-q", "--no-test", file);
  expect(traced.exitCode).toBe(0);
  expect(traced.stderr.toString()).toContain("> add veth link");
  expect(netloom("down", "env").code).toBe(0);
});

function namespaces(): number {
  try {
    return readdirSync("/run/netns").length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

function ip(netns: string): string {
  return Bun.spawnSync(["ip", "-n", netns, "-j", "link"]).stdout.toString();
}
