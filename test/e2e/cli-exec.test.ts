/** Commands in pods: their exit codes, signals and streams are their own. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { netloom } from "./sandbox.ts";

const root = join(import.meta.dir, "../..");
const overlay = join(root, "examples/overlay.netloom.yaml");
beforeAll(() => {
  expect(netloom("up", "-q", "--no-test", overlay).code).toBe(0);
});
afterAll(() => {
  netloom("down", "overlay");
});

describe("ways to name a target", () => {
  for (const words of [
    ["vm-001-ns01", "--"],
    ["overlay", "vm-001-ns01", "--"],
    ["overlay/vm-001-ns01", "--"],
    ["overlay/vm-001-ns01"],
    ["overlay", "vm-001-ns01"],
    ["vm-001-ns01"],
    ["--lab", "overlay", "vm-001-ns01", "--"],
    ["--lab=overlay", "vm-001-ns01"],
    ["-q", "overlay", "vm-001-ns01", "--"],
    ["-q", "overlay", "vm-001-ns01"],
  ]) {
    test(words.join(" "), () => {
      expect(netloom("exec", ...words, "hostname")).toEqual({ code: 0, stdout: "vm-001-ns01\n", stderr: "" });
    });
  }

  test("nodes too", () => expect(netloom("exec", "vm-002", "hostname").stdout).toBe("vm-002\n"));

  test("a target without a command is told how to go on", () => {
    const hint = (words: string) => ({
      code: 2,
      stdout: "",
      stderr: `netloom: say what to run\n  netloom exec ${words} -- ip address\n`,
    });
    expect(netloom("exec", "overlay", "vm-002-ns01")).toEqual(hint("overlay vm-002-ns01"));
    expect(netloom("exec", "vm-002-ns01", "--")).toEqual(hint("vm-002-ns01"));
    expect(netloom("exec")).toEqual(hint("vm-001-ns01"));
  });

  test("an unknown one is told with the nearest", () => {
    expect(netloom("exec", "vm-001-ns1", "--", "true")).toEqual({
      code: 5,
      stdout: "",
      stderr: "netloom: lab overlay has no node, pod or external vm-001-ns1; did you mean vm-001-ns01?\n",
    });
    expect(netloom("exec", "--lab", "other", "vm-001", "--", "true")).toEqual({
      code: 7,
      stdout: "",
      stderr: "netloom: there is no lab called other (running: overlay)\n",
    });
  });
});

describe("what the command does is what exec does", () => {
  test("exit codes", () => expect(netloom("exec", "vm-001", "--", "sh", "-c", "exit 42").code).toBe(42));

  test("not found is 127, not executable is 126", () => {
    expect(netloom("exec", "vm-001", "--", "no-such-program")).toEqual({
      code: 127,
      stdout: "",
      stderr: "netloom: exec: no-such-program: not found\n",
    });
    expect(netloom("exec", "vm-001", "--", "/etc/passwd")).toEqual({
      code: 126,
      stdout: "",
      stderr: "netloom: exec: /etc/passwd: not executable\n",
    });
  });

  test("its own flags and dashes", () => {
    expect(netloom("exec", "vm-001", "--", "echo", "--help", "--", "-q").stdout).toBe("--help -- -q\n");
  });

  test("standard input", () => {
    const run = Bun.spawnSync([join(root, "bin/netloom"), "exec", "vm-001", "cat"], { stdin: new Blob(["hello"]) });
    expect(run.stdout.toString()).toBe("hello");
  });

  test("signals reach it, and end as they would without us", async () => {
    const command = [
      join(root, "bin/netloom"),
      "exec",
      "vm-001",
      "--",
      "sh",
      "-c",
      "trap 'exit 9' TERM; echo ready; while :; do sleep 0.01; done",
    ];
    const run = Bun.spawn(command, { stdout: "pipe" });
    for await (const _ of run.stdout) break;
    run.kill("SIGTERM");
    expect(await run.exited).toBe(9);
    const sleeper = Bun.spawn(
      [join(root, "bin/netloom"), "exec", "vm-001", "--", "sh", "-c", "echo ready; exec sleep 60"],
      { stdout: "pipe" },
    );
    for await (const _ of sleeper.stdout) break;
    sleeper.kill("SIGINT");
    await sleeper.exited;
    expect(sleeper.signalCode).toBe("SIGINT");
  });

  test("its devices are those of the pod, also in /sys", () => {
    expect(netloom("exec", "vm-001-ns01", "ls", "/sys/class/net").stdout.split("\n")).toContain("eth0");
    expect(JSON.parse(netloom("exec", "vm-001-ns01", "ip", "-j", "link").stdout)).toHaveLength(2);
  });
});

test("shell runs $SHELL and is told where it is", () => {
  const run = Bun.spawnSync([join(root, "bin/netloom"), "shell", "overlay", "vm-001"], {
    stdin: new Blob(["hostname; echo $NETLOOM_TARGET; exit 3\n"]),
    env: { ...process.env, SHELL: "/bin/sh" },
  });
  expect(netloom("shell")).toEqual({
    code: 2,
    stdout: "",
    stderr: "netloom: name one node or pod, as POD, LAB/POD or LAB POD\n  'netloom inspect' lists them\n",
  });
  expect(run.stdout.toString()).toBe("vm-001\noverlay/vm-001\n");
  expect(run.exitCode).toBe(3);
});

test("completion knows what is up", () => {
  const complete = (...words: readonly string[]) =>
    netloom("__complete", "--", ...words)
      .stdout.trim()
      .split("\n");
  expect(complete("down", "")).toEqual(["overlay"]);
  expect(complete("exec", "vm-002-n")).toEqual(["vm-002-ns01", "vm-002-ns02", "vm-002-ns03"]);
  expect(complete("exec", "overlay", "vm-002")).toContain("vm-002");
  expect(complete("test", "--lab", "")).toEqual(["overlay"]);
});
