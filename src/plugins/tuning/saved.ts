import { isObject } from "../../cni/index.ts";
import { listDir, makeDirs, publishFile, readSmall, removeFile, replaceFile } from "../../sys/index.ts";
import { type Mac, tryMac } from "../../values/index.ts";

/** The old values of what was changed on an interface, in the reference's words; `network` is ours, the reference passes it over. */
export interface Saved {
  readonly mac?: Mac;
  readonly promisc?: boolean;
  /** Bytes. */
  readonly mtu?: number;
  readonly allmulti?: boolean;
  /** Packets. */
  readonly txQLen?: number;
  readonly network?: string;
}

/** One file of saved values. */
export class SavedFile {
  readonly #folder: string;
  readonly #name: string;

  constructor(folder: string, containerId: string, ifname: string) {
    this.#folder = folder;
    this.#name = nameOf(containerId, ifname);
  }

  /** As it stands there; `undefined` if there is none. @throws {SysError} */
  text(): string | undefined {
    return readSmall(`${this.#folder}/${this.#name}`);
  }

  /** The values; none at all where the file cannot be understood. @throws {SysError} */
  read(): Saved | undefined {
    const text = this.text();
    return text === undefined ? undefined : parseSaved(text);
  }

  /** @throws {SysError} ENOSPC, EROFS, EACCES */
  write(text: string): void {
    makeDirs(this.#folder, 0o700);
    const content = new TextEncoder().encode(text);
    // Whoever is killed meanwhile leaves no file of another name, unless there are values already.
    if (!publishFile(this.#folder, this.#name, content)) replaceFile(this.#folder, this.#name, content);
  }

  /** Fine if it is gone. What an ADD left that was killed while it wrote goes, too. @throws {SysError} */
  remove(): void {
    for (const name of [this.#name, temporaryOf(this.#name)]) {
      const path = `${this.#folder}/${name}`;
      // It is looked for first: where nothing can be written, nothing is there.
      if (readSmall(path) !== undefined) removeFile(path);
    }
  }
}

/** As the reference names it, as far as a file can have the name: it has to leave room for that of the temporary one. */
function nameOf(containerId: string, ifname: string): string {
  const name = `${containerId}_${ifname}`;
  return `${name.length <= LONGEST ? name : Bun.CryptoHasher.hash("sha256", name, "hex")}.json`;
}

/** NAME_MAX of Linux is 255 bytes; `.`, `.json` and `.new` are still to come. */
const LONGEST = 230;

/** What `replaceFile` and `publishFile` may leave beside a file. */
function temporaryOf(name: string): string {
  return `.${name}.new`;
}

export function printSaved(saved: Saved): string {
  return JSON.stringify(saved, null, 1);
}

/** What is not of the right kind is passed over. */
export function parseSaved(text: string): Saved {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    // Cut off by a full disk or a crash: then nothing can be put back.
    return {};
  }
  if (!isObject(found)) return {};
  const { mac, promisc, mtu, allmulti, txQLen, network } = found;
  const address = typeof mac === "string" ? tryMac(mac) : undefined;
  return {
    ...(address !== undefined && { mac: address }),
    ...(typeof promisc === "boolean" && { promisc }),
    ...(typeof mtu === "number" && mtu > 0 && { mtu }),
    ...(typeof allmulti === "boolean" && { allmulti }),
    ...(typeof txQLen === "number" && { txQLen }),
    ...(typeof network === "string" && { network }),
  };
}

/** The files of a network that belong to none of the attachments that are valid; those that tell no network are others'. */
export function staleFiles(
  folder: string,
  network: string,
  valid: readonly { readonly containerID: string; readonly ifname: string }[],
): readonly string[] {
  const kept = new Set(valid.map(({ containerID, ifname }) => nameOf(containerID, ifname)));
  const isOfNetwork = (name: string): boolean => {
    const text = readSmall(`${folder}/${name}`);
    return text !== undefined && parseSaved(text).network === network;
  };
  return listDir(folder).flatMap((found) => {
    const name = /^\.(.*\.json)\.new$/.exec(found)?.[1] ?? found;
    if (!name.endsWith(".json") || kept.has(name)) return [];
    // A temporary file may be cut off: then the file beside it tells.
    return isOfNetwork(found) || (found !== name && isOfNetwork(name)) ? [`${folder}/${found}`] : [];
  });
}
