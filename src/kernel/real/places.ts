import type { NetnsName } from "../../change/index.ts";
import { NetnsError, isNamespace, openNetns, tryOpenNetns } from "../../netns/index.ts";
import { type NsFd, identityOfFd, openOwn, tryOpenFile } from "../../sys/index.ts";

/** The path of a namespace that is the caller's own. */
export const OWN = "";

/**
 * Where namespaces are. Those of {@link places} are given by a path and are not ours alone: others make links in them at the same
 * time. All other names are pins.
 */
export class Places {
  readonly #paths: Readonly<Record<NetnsName, string>>;

  readonly #shared: boolean;

  /** @param shared - whether others work in the pins, too */
  constructor(paths: Readonly<Record<NetnsName, string>>, shared: boolean) {
    this.#paths = paths;
    this.#shared = shared;
  }

  /** Do others work in it too? */
  isShared(name: NetnsName): boolean {
    return this.#shared || this.#isPlace(name);
  }

  #isPlace(name: NetnsName): boolean {
    return this.#paths[name] !== undefined;
  }

  isOwn(name: NetnsName): boolean {
    return this.#paths[name] === OWN;
  }

  /** @throws {NetnsError} `missing`, `hollow` */
  open(name: NetnsName): NsFd {
    const path = this.#paths[name];
    if (path === undefined) return openNetns(name);
    if (path === OWN) return openOwn("net");
    const fd = tryOpenFile(path);
    if (fd === undefined) throw new NetnsError("missing", name, `there is no namespace at ${path}`);
    if (isNamespace(identityOfFd(fd))) return fd;
    fd.close();
    throw new NetnsError("hollow", name, `${path} is a plain file, no namespace is behind it`);
  }

  /** As {@link open}; `undefined` where there is none. */
  tryOpen(name: NetnsName): NsFd | undefined {
    if (!this.#isPlace(name)) return tryOpenNetns(name);
    try {
      return this.open(name);
    } catch (error) {
      if (error instanceof NetnsError) return undefined;
      throw error;
    }
  }
}
