import type { Owner } from "./store.ts";

/** Between the container's id and the interface's name in the file of an address; the same on every system. */
const BREAK = "\r\n";

/** What the file of a reserved address holds. */
export function recordText(owner: Owner): string {
  return owner.ifname === undefined ? owner.containerId : owner.containerId + BREAK + owner.ifname;
}

/** Whose a file is; `undefined` when it is blank, or holds what no plugin writes. White space at the ends does not count. */
export function readRecord(text: string): Owner | undefined {
  const [containerId = "", ifname, ...more] = text.trim().split(BREAK);
  if (containerId === "" || more.length > 0 || /\s/.test(containerId + (ifname ?? ""))) return undefined;
  return ifname === undefined ? { containerId } : { containerId, ifname };
}
