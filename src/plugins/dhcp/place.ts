/** The interface of a lease in its namespace. */
import { RealKernel } from "../../kernel/index.ts";
import { identityOfFd, tryOpenFile } from "../../sys/index.ts";
import { type Ip, macToBytes, parseIfName } from "../../values/index.ts";
import type { Wire } from "./client.ts";
import { packetWire, udpWire } from "./wire.ts";

const POD = "pod";

/** An interface, found anew each time it is needed: nothing of the namespace is kept open, or it could not go away. */
export class Place {
  readonly #netns: string;
  readonly #ifname: string;
  /** The namespace's identity. */
  readonly id: string;

  private constructor(netns: string, ifname: string, id: string) {
    this.#netns = netns;
    this.#ifname = ifname;
    this.id = id;
  }

  /** `undefined` where there is no namespace, or another than the one with identity `id`. @throws {SysError} */
  static find(netns: string, ifname: string, id?: string): Place | undefined {
    using fd = tryOpenFile(netns);
    if (fd === undefined) return undefined;
    const found = identityOfFd(fd);
    return id === undefined || id === found ? new Place(netns, ifname, found) : undefined;
  }

  /** The interface; `undefined` where it, or its namespace, is gone. @throws {KernelError} */
  link(): { readonly index: number; readonly mac: Uint8Array; readonly up: boolean } | undefined {
    if (Place.find(this.#netns, this.#ifname, this.id) === undefined) return undefined;
    using kernel = new RealKernel({ places: { [POD]: this.#netns } });
    const link = kernel.link(POD, this.#ifname);
    if (link?.mac === undefined || link.index === undefined) return undefined;
    return { index: link.index, mac: macToBytes(link.mac), up: link.up };
  }

  /** @throws {OpError} */
  setUp(up: boolean): void {
    using kernel = new RealKernel({ places: { [POD]: this.#netns } });
    kernel.run([{ do: "link.set", netns: POD, name: parseIfName(this.#ifname), set: { up }, was: { up: !up } }]);
  }

  /** A way for who has no address yet. @throws {SysError} */
  packets(index: number): Wire {
    using netns = this.#open();
    return packetWire(netns, index);
  }

  /** A way for who has one: to `server`, or to all. Where the address is not set (yet), by packets. @throws {SysError} */
  datagrams(index: number, address: Ip, server?: Ip): Wire {
    using netns = this.#open();
    try {
      return udpWire(netns, this.#ifname, address, server);
    } catch {
      // The reason does not matter: packets get there as well.
      return packetWire(netns, index);
    }
  }

  #open() {
    const fd = tryOpenFile(this.#netns);
    if (fd === undefined) throw new TypeError(`the namespace ${this.#netns} is gone`);
    return fd;
  }
}
