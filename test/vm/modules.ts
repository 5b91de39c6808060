/** The modules that the machine loads before it can see the host, from a folder `lib/modules/VERSION`. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

export interface Module {
  readonly name: string;
  /** Not compressed. */
  readonly data: Uint8Array;
}

/**
 * The modules and what they need, in the order of loading. One that is built into the kernel is left out.
 * @param folder - with `modules.dep`, as depmod writes it
 * @throws {Error} for one that the kernel does not have
 */
export function readModules(folder: string, names: readonly string[]): readonly Module[] {
  const needs = new Map<string, readonly string[]>();
  const paths = new Map<string, string>();
  for (const line of readFileSync(join(folder, "modules.dep"), "utf8").split("\n")) {
    const [path = "", rest = ""] = line.split(":");
    paths.set(nameOf(path), path);
    needs.set(path, rest.trim().split(" ").filter(Boolean));
  }
  const builtin = readFileSync(join(folder, "modules.builtin"), "utf8").split("\n").map(nameOf);

  const order: string[] = [];
  const add = (path: string): void => {
    if (order.includes(path)) return;
    needs.get(path)?.forEach(add);
    order.push(path);
  };
  for (const name of names) {
    const path = paths.get(name);
    if (path !== undefined) add(path);
    else if (!builtin.includes(name)) throw new Error(`the kernel of ${folder} has no module ${name}`);
  }
  return order.map((path) => ({ name: basename(path).replace(/\.xz$/, ""), data: plain(join(folder, path)) }));
}

/** As modprobe knows it. */
function nameOf(path: string): string {
  return basename(path)
    .replace(/\.ko(\.\w+)?$/, "")
    .replaceAll("-", "_");
}

function plain(path: string): Uint8Array {
  if (!path.endsWith(".xz")) return readFileSync(path);
  const { success, stdout, stderr } = Bun.spawnSync(["xz", "-dc", path]);
  if (!success) throw new Error(`xz -dc ${path}: ${stderr.toString()}`);
  return stdout;
}
