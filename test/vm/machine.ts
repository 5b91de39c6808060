/** One run of a virtual machine: a kernel and a first root, three ports, and an end. */
import type { Socket } from "bun";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Acceleration } from "./acceleration.ts";

export interface Machine {
  /** Paths of what qemu starts. */
  readonly kernel: string;
  readonly initramfs: string;
  /** A folder for its sockets and its console, with a short path. */
  readonly folder: string;
  readonly acceleration: Acceleration;
  /** How long it may take until its first program runs, in milliseconds. */
  readonly bootLimit: number;
  /** How long it may take altogether, in milliseconds. */
  readonly limit: number;
  /** Is told what it writes to its port `stdout`, too. */
  readonly hear: (text: string) => void;
  readonly signal?: AbortSignal;
}

export type End =
  | { readonly kind: "done"; readonly code: number }
  | { readonly kind: "not booted" | "died" | "time limit"; readonly console: string };

const MEMORY_MIB = 2048;
const PROCESSORS = 2;

/** Runs it to its end; what it writes to its ports `stdout` and `stderr` goes to ours. */
export async function runMachine(machine: Machine): Promise<End> {
  const { folder, hear, signal } = machine;
  let status = "";
  const decoder = new TextDecoder();
  const ports = {
    stdout: (bytes: Uint8Array) => {
      process.stdout.write(bytes);
      hear(decoder.decode(bytes, { stream: true }));
    },
    stderr: (bytes: Uint8Array) => void process.stderr.write(bytes),
    status: (bytes: Uint8Array) => {
      status += new TextDecoder().decode(bytes);
      if (status !== "") clearTimeout(booting);
    },
  };
  const closed: Promise<void>[] = [];
  const listeners = Object.entries(ports).map(([name, take]) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    closed.push(promise);
    return Bun.listen({
      unix: join(folder, name),
      socket: { data: (_socket: Socket, bytes) => take(bytes), close: () => resolve(), error: () => resolve() },
    });
  });

  const console = join(folder, "console");
  const child = Bun.spawn(["qemu-system-x86_64", ...words(machine, Object.keys(ports), console)], {
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    env: process.env,
    ...(signal === undefined ? {} : { signal, killSignal: "SIGKILL" }),
  });
  let late: "not booted" | "time limit" | undefined;
  const endAs = (why: "not booted" | "time limit") => () => {
    late ??= why;
    child.kill("SIGKILL");
  };
  const booting = setTimeout(endAs("not booted"), machine.bootLimit);
  const running = setTimeout(endAs("time limit"), machine.limit);
  const failed = (await child.exited) !== 0 && child.signalCode === null;
  clearTimeout(booting);
  clearTimeout(running);
  if (!failed) await Promise.all(closed); // else it may never have opened them
  listeners.forEach((listener) => listener.stop(true));

  const [up, code] = status.split("\n");
  if (code !== undefined && code !== "") return { kind: "done", code: Number(code) };
  return { kind: late ?? (up === "up" ? "died" : "not booted"), console: tail(console) };
}

function words(machine: Machine, ports: readonly string[], console: string): readonly string[] {
  const boot = "console=ttyS0 loglevel=4 panic=-1 audit=0 apparmor=0 selinux=0 mitigations=off no_timer_check";
  const { acceleration, kernel, initramfs, folder } = machine;
  return [
    ["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"],
    ["-machine", "pc", "-accel", acceleration, "-cpu", acceleration === "kvm" ? "host" : "max"],
    ["-m", String(MEMORY_MIB), "-smp", String(PROCESSORS)],
    ["-kernel", kernel, "-initrd", initramfs, "-append", boot],
    ["-chardev", `file,id=console,path=${console}`, "-serial", "chardev:console"],
    ["-device", "virtio-rng-pci", "-device", "virtio-serial-pci"],
    ...ports.map((name) => [
      "-chardev",
      `socket,id=${name},path=${join(folder, name)}`,
      "-device",
      `virtserialport,chardev=${name},name=${name}`,
    ]),
    ["-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap"],
    ["-device", "virtio-9p-pci,fsdev=host,mount_tag=host"],
  ].flat();
}

/** The last lines that the kernel said. */
function tail(console: string): string {
  try {
    return readFileSync(console, "utf8").trimEnd().split("\n").slice(-30).join("\n");
  } catch {
    return "(no console)"; // qemu did not come that far
  }
}
