import { isObject } from "../../cni/index.ts";
import { listDir, makeDirs, readSmall, removeFile, replaceFile } from "../../sys/index.ts";
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
    replaceFile(this.#folder, this.#name, new TextEncoder().encode(text));
  }

  /** Fine if it is gone. @throws {SysError} */
  remove(): void {
    removeFile(`${this.#folder}/${this.#name}`);
  }
}

function nameOf(containerId: string, ifname: string): string {
  return `${containerId}_${ifname}.json`;
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
  return listDir(folder)
    .filter((name) => name.endsWith(".json") && !kept.has(name))
    .map((name) => `${folder}/${name}`)
    .filter((path) => {
      const text = readSmall(path);
      return text !== undefined && parseSaved(text).network === network;
    });
}
