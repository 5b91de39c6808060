/**
 * A host of its own to call plugins in: network, mount and UTS namespaces with an empty `/run` and `/var/lib`, held by a
 * process that ends with the test.
 */
import type { Subprocess } from "bun";
import { readFileSync } from "node:fs";

const mounts = `set -e
mount -n -t tmpfs -o mode=755 netloom-box /run
mkdir -p /run/netns /run/lock
mount -n -t tmpfs -o mode=755 netloom-box /var/lib
mkdir -p /var/lib/cni
[ ! -d /etc/cni ] || { mount -n -t tmpfs -o mode=755 netloom-box /etc/cni; mkdir /etc/cni/net.d; }
mount -n -t sysfs netloom-box /sys
ip link set lo up
SCRIPT
echo ready
exec cat`;

const plain = { PATH: process.env["PATH"] ?? "", LC_ALL: "C" };

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Input {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
}

export interface BoxOptions {
  /** Process numbers of its own too: whatever was started in it ends with it. */
  readonly processes?: boolean;
  /** Shell commands that prepare it. */
  readonly script?: string;
}

export class Box implements Disposable {
  readonly #holder: Subprocess<"pipe", "pipe", "inherit">;

  readonly #processes: boolean;

  private constructor(holder: Subprocess<"pipe", "pipe", "inherit">, processes: boolean) {
    this.#holder = holder;
    this.#processes = processes;
  }

  /** @throws {Error} where namespaces cannot be made */
  static async open({ processes = false, script = "" }: BoxOptions = {}): Promise<Box> {
    const more = processes ? ["-p", "-f", "--mount-proc", "--kill-child"] : [];
    const command = [
      "unshare",
      "-nmu",
      ...more,
      "--propagation",
      "private",
      "sh",
      "-c",
      mounts.replace("SCRIPT", script),
    ];
    const holder = Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
    const { value } = await holder.stdout.getReader().read();
    if (value === undefined || !new TextDecoder().decode(value).startsWith("ready")) {
      throw new Error(`no namespaces for a box: exit ${await holder.exited}`);
    }
    return new Box(holder, processes);
  }

  /** Put before a command to run it in the box. */
  get enter(): readonly string[] {
    const at = `/proc/${this.pid}/ns`;
    const pid = this.#processes ? [`--pid=${at}/pid_for_children`] : [];
    return ["nsenter", `--net=${at}/net`, `--mount=${at}/mnt`, `--uts=${at}/uts`, ...pid, "--"];
  }

  get pid(): number {
    return this.#holder.pid;
  }

  /** Runs a command in the box. */
  try(command: readonly string[], { env = {}, stdin = "" }: Input = {}): Said {
    const done = Bun.spawnSync([...this.enter, ...command], {
      stdin: typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin,
      env: { ...plain, ...env },
    });
    return { code: done.exitCode, stdout: done.stdout.toString(), stderr: done.stderr.toString() };
  }

  /** Starts a command in the box and does not wait. */
  start(command: readonly string[], { env = {}, stdin = "" }: Input = {}): Subprocess<Uint8Array, "pipe", "pipe"> {
    return Bun.spawn([...this.enter, ...command], {
      stdin: typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin,
      stdout: "pipe",
      stderr: "pipe",
      env: { ...plain, ...env },
    });
  }

  /** Runs a command that has to succeed; gives its output. @throws {Error} with what it said */
  run(command: readonly string[] | string, input: Input = {}): string {
    const words = typeof command === "string" ? command.split(" ") : command;
    const { code, stdout, stderr } = this.try(words, input);
    if (code !== 0) throw new Error(`${words.join(" ").slice(0, 300)}: exit ${code}\n${stdout}${stderr}`);
    return stdout;
  }

  /** A shell script that has to succeed. */
  sh(script: string): string {
    return this.run(["sh", "-ec", script]);
  }

  /** A file as the box sees it. */
  read(path: string): string {
    return readFileSync(`/proc/${this.pid}/root${path}`, "utf8");
  }

  [Symbol.dispose](): void {
    this.#holder.kill("SIGKILL");
  }
}
