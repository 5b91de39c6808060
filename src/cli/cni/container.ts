import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { netnsPath } from "../../netns/index.ts";

/**
 * The path of a namespace as written on the command line: a path, or the name of one that `ip netns` shows. A name that is
 * neither is taken for one that was pinned once, so that DEL still finds what belongs to it.
 */
export function namespacePath(word: string): string {
  if (word.includes("/")) return resolve(word);
  const pin = netnsPath(word);
  return existsSync(pin) || !existsSync(word) ? pin : resolve(word);
}

/** The ID that cnitool gives the container of a namespace: the first ten bytes of SHA-512 of its path. */
export function containerIdOf(path: string): string {
  return `cnitool-${new Bun.CryptoHasher("sha512").update(path).digest("hex").slice(0, 20)}`;
}
