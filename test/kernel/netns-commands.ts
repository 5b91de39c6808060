/** What the namespace tests share: programs as witnesses, and what a command in a namespace must find there. */
import { expect, test } from "bun:test";
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const here = import.meta.dir;
export interface Said {
  readonly code: number;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export function ran(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Said {
  const run = Bun.spawnSync([...command], {
    stdin: "ignore",
    stderr: "pipe",
    ...options,
    env: { ...process.env, ...options.env },
  });
  return {
    code: run.exitCode,
    signal: run.signalCode as string | undefined,
    stdout: run.stdout.toString().trim(),
    stderr: run.stderr.toString().trim(),
  };
}

export function ip(...words: readonly string[]): string {
  const run = ran(["ip", ...words]);
  if (run.code !== 0) throw new Error(`ip ${words.join(" ")}: ${run.stderr}`);
  return run.stdout;
}

const becoming = (name: string, ...command: readonly string[]): readonly string[] => [
  process.execPath,
  join(here, "_inside.ts"),
  name,
  ...command,
];
export const within = (name: string, ...command: readonly string[]): Said => ran(becoming(name, ...command));

export const names = (...list: readonly string[]) => list.map((name) => ({ name, hostname: `${name}-host` }));
export const mounts = (): string => readFileSync("/proc/self/mountinfo", "utf8");
export const own = (kind: string): string => readlinkSync(`/proc/thread-self/ns/${kind}`);

export function errorOf(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return error;
  }
  return expect.unreachable("nothing was thrown");
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EACCES" || (error as NodeJS.ErrnoException).code === "EROFS")
      return false;
    throw error;
  }
}

/** All that a command in a namespace sees and does, whichever way it gets there. */
export function commands(): void {
  test("has the host name and the devices of its namespace", () => {
    ip("-n", "nln-pod", "link", "add", "v0", "type", "veth", "peer", "name", "v1");
    expect(within("nln-pod", "hostname").stdout).toBe("nln-pod-host");
    expect(within("nln-pod", "ls", "/sys/class/net").stdout.split("\n")).toEqual(["lo", "v0", "v1"]);
    expect(within("nln-pod", "cat", "/proc/net/dev").stdout).toContain("v1:");
    expect(readdirSync("/sys/class/net")).toEqual(["lo"]);
    ip("-n", "nln-pod", "link", "del", "v0");
  });

  test("ends with its own exit code", () => {
    expect(within("nln-pod", "sh", "-c", "exit 7")).toMatchObject({ code: 7, signal: undefined });
  });

  test("dies of its own signal", () => {
    expect(within("nln-pod", "sh", "-c", "kill -TERM $$").signal).toBe("SIGTERM");
    const line = becoming("nln-pod", "sh", "-c", "'kill -TERM $$'").join(" ");
    expect(ran(["sh", "-c", `${line}; echo $?`]).stdout).toBe("143");
  });

  test("is born with no signal ignored or blocked", () => {
    const status = within("nln-pod", "sh", "-c", "cat /proc/self/status").stdout;
    expect(status).toMatch(/SigIgn:\s0{16}/);
    expect(status).toMatch(/SigBlk:\s0{16}/);
    expect(within("nln-pod", "sh", "-c", "kill -PIPE $$; echo alive")).toMatchObject({ signal: "SIGPIPE", stdout: "" });
  });

  test("stays in its folder, also in one that was deleted", () => {
    const folder = mkdtempSync(join(tmpdir(), "nln-"));
    try {
      expect(ran(becoming("nln-pod", "pwd"), { cwd: folder }).stdout).toBe(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
    // A shell that removes its folder first; the program then starts in a folder without a name.
    const line = `cd $(mktemp -d) && rmdir "$PWD" && ${becoming("nln-pod", "echo", "ran").join(" ")}`;
    expect(ran(["sh", "-c", line])).toMatchObject({ code: 0, stdout: "ran" });
  });

  test("inherits no descriptor but the three", () => {
    expect(within("nln-pod", "sh", "-c", "ls /proc/$$/fd").stdout.split("\n").slice(0, 3)).toEqual(["0", "1", "2"]);
    expect(within("nln-pod", "readlink", "/proc/self/fd/4").code).toBe(1);
  });

  test.skipIf(!canWrite("/etc"))("sees the files of /etc/netns/NAME in /etc (needs to write in /etc)", () => {
    mkdirSync("/etc/netns/nln-pod", { recursive: true });
    try {
      writeFileSync("/etc/netns/nln-pod/hosts", "192.0.2.1 only-here\n");
      writeFileSync("/etc/netns/nln-pod/nln-not-in-etc", "");
      expect(within("nln-pod", "cat", "/etc/hosts").stdout).toBe("192.0.2.1 only-here");
      expect(ip("netns", "exec", "nln-pod", "cat", "/etc/hosts")).toBe("192.0.2.1 only-here");
      expect(readFileSync("/etc/hosts", "utf8")).not.toContain("only-here");
    } finally {
      rmSync("/etc/netns/nln-pod", { recursive: true });
    }
  });

  test("that is not there is an error with its reason", () => {
    expect(within("nln-pod", "nln-no-such-program")).toMatchObject({ code: 70, stdout: "" });
    // A folder of PATH that may not be searched would be another reason (execvp(3)).
    const { stderr } = ran(becoming("nln-pod", "nln-no-such-program"), { env: { PATH: "/usr/bin:/bin" } });
    expect(stderr).toContain("run nln-no-such-program: No such file or directory");
    expect(within("nln-pod", "/etc/passwd").stderr).toContain("EACCES");
  });

  test("leaves no mount behind", () => {
    const before = mounts();
    within("nln-pod", "true");
    expect(mounts()).toBe(before);
  });
}
