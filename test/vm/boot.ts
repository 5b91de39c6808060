/** A command in a virtual machine with a full kernel, from what has to be installed to its exit code. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Acceleration, accelerations } from "./acceleration.ts";
import { buildInitramfs, type Job } from "./initramfs.ts";
import { type End, runMachine } from "./machine.ts";
import { cutVmlinux } from "./vmlinux.ts";

/** After so many milliseconds without a first process another acceleration is tried. */
const bootLimits = { kvm: 10_000, tcg: 180_000 } as const;

/** Everything takes about so many times as long: TEST_PATIENCE of the job. */
const patience = { kvm: 2, tcg: 20 } as const;

/** There can be no machine here; the message is the reason. */
export class Unavailable extends Error {}

/** The folder of the kernel is none. */
export class Misnamed extends Error {}

/** Exit codes that are not the command's: those of timeout(1). */
export const TIME_LIMIT = 124;
export const DEAD = 125;
export const INTERRUPTED = 130;

/**
 * Runs a command as root in the machine, on a copy of the host's files that is thrown away. What it prints goes to our
 * standard output and error, and so does the end of the console of a machine that did not end by itself.
 * @param seconds - how long it may take
 * @param hear - is told what goes to standard output, too
 * @param ways - tried in turn until it boots
 * @returns its exit code; TIME_LIMIT; DEAD for a machine that did not boot or died; INTERRUPTED by a signal to us
 * @throws {Unavailable}, {Misnamed}
 */
export async function runInMachine(
  job: Job,
  seconds: number,
  hear: (text: string) => void = () => undefined,
  ways: readonly Acceleration[] = accelerations(),
): Promise<number> {
  if (process.arch !== "x64") throw new Unavailable(`it is an x86-64 one, and this machine is ${process.arch}`);
  ask("setup");
  const folder = resolve(ask("kernel"));
  const version = versionIn(folder);

  const scratch = mkdtempSync(join(tmpdir(), "netloom-vm-"));
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  process.on("SIGINT", abort).on("SIGTERM", abort);
  try {
    const kernel = join(scratch, "kernel");
    const image = readFileSync(join(folder, "boot", `vmlinuz-${version}`));
    writeFileSync(kernel, cutVmlinux(image) ?? image);
    let end: End = { kind: "not booted", console: "" };
    for (const acceleration of ways) {
      const [bootLimit, limit] = [bootLimits[acceleration], seconds * 1000];
      const attempt = mkdtempSync(join(scratch, "run-"));
      const env = { ...job.env, TEST_PATIENCE: String(patience[acceleration]) };
      const initramfs = join(attempt, "initramfs");
      writeFileSync(initramfs, buildInitramfs(join(folder, "lib/modules", version), { ...job, env }));
      end = await runMachine({
        kernel,
        initramfs,
        folder: attempt,
        acceleration,
        bootLimit,
        limit,
        hear,
        signal: stop.signal,
      });
      if (end.kind !== "not booted" || stop.signal.aborted) break;
    }
    if (end.kind === "done") return end.code;
    if (stop.signal.aborted) return INTERRUPTED;
    const said = { "not booted": "did not boot", died: "died", "time limit": `was still running after ${seconds} s` };
    console.error(`netloom: the virtual machine ${said[end.kind]}; the last of its console:\n${end.console}`);
    return end.kind === "time limit" ? TIME_LIMIT : DEAD;
  } finally {
    process.off("SIGINT", abort).off("SIGTERM", abort);
    rmSync(scratch, { recursive: true });
  }
}

/** The kernel's version. @throws {Misnamed} */
function versionIn(folder: string): string {
  const modules = join(folder, "lib/modules");
  const [version] = existsSync(modules) ? readdirSync(modules) : [];
  if (version !== undefined && existsSync(join(folder, "boot", `vmlinuz-${version}`))) return version;
  const whose = process.env["TEST_VM_KERNEL"] ? "TEST_VM_KERNEL: " : "";
  throw new Misnamed(
    `${whose}${folder} has no boot/vmlinuz-VERSION and lib/modules/VERSION; name a folder that has, or none`,
  );
}

/** What a script of this folder prints. @throws {Unavailable} with its last line where it fails */
function ask(script: string): string {
  const { success, stdout, stderr } = Bun.spawnSync(["sh", join(import.meta.dir, script)], { stdin: "ignore" });
  if (!success) throw new Unavailable(stderr.toString().trim().split("\n").at(-1));
  process.stderr.write(stderr);
  return stdout.toString().trim();
}
