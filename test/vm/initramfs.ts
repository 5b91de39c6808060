/** The machine's first root: busybox, the modules to reach the host, and what to do there. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Entry, packCpio } from "./cpio.ts";
import { readModules } from "./modules.ts";

/** What the machine is for: a command of the host's, run there as root. */
export interface Job {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

const first = ["virtio_pci", "virtio_console", "virtio_rng", "9pnet_virtio", "9p", "overlay"];

const FILE = 0o100755;
const FOLDER = 0o040755;

/**
 * @param modules - the kernel's folder `lib/modules/VERSION`, as an absolute path
 * @throws {Error} where the kernel lacks a module
 */
export function buildInitramfs(modules: string, job: Job): Uint8Array {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const loaded = readModules(modules, first);
  return packCpio([
    ...program("/bin/busybox"),
    { path: "init", mode: FILE, data: readFileSync(join(import.meta.dir, "init")) },
    { path: "modules", mode: FOLDER },
    { path: "modules/order", mode: FILE, data: text(loaded.map(({ name }) => `${name}\n`).join("")) },
    ...loaded.map(({ name, data }) => ({ path: `modules/${name}`, mode: FILE, data })),
    { path: "job.env", mode: FILE, data: text(`modules=${quote(modules)}\n`) },
    { path: "job", mode: FILE, data: text(script(job)) },
  ]);
}

/** A program with the libraries that it is linked to, and their folders. */
function program(path: string): readonly Entry[] {
  const linked = Bun.spawnSync(["ldd", path], { stderr: "ignore" }).stdout.toString(); // nothing for a static one
  const files = [path, ...[...linked.matchAll(/(?<=^\s*|=> )\/\S+/gm)].map(([file]) => file)];
  const folders = new Set<string>();
  for (const file of files)
    for (let folder = dirname(file); folder !== "/"; folder = dirname(folder)) folders.add(folder);
  return [
    ...[...folders].toSorted().map((folder) => ({ path: folder.slice(1), mode: FOLDER })),
    ...files.map((file) => ({ path: file.slice(1), mode: FILE, data: readFileSync(file) })),
  ];
}

/** Says that the machine is up, and the command's exit code, on its port; a restart ends the machine. */
function script({ command, cwd, env }: Job): string {
  const exported = Object.entries(env)
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name))
    .map(([name, value]) => `export ${name}=${quote(value)}\n`);
  return `${exported.join("")}ports=/dev/virtio-ports
exec 3>$ports/status
echo up >&3
cd ${quote(cwd)} && ${command.map(quote).join(" ")} </dev/null >$ports/stdout 2>$ports/stderr 3>&-
echo $? >&3
echo b >/proc/sysrq-trigger
`;
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
