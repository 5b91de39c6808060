/** The interface of a lease in its namespace. */
import { RealKernel } from "../../kernel/index.ts";
import { identityOfFd, tryOpenFile } from "../../sys/index.ts";
import { type Ip, macToBytes, parseIfName, prefixIp } from "../../values/index.ts";
import type { Wire } from "./client.ts";
import { packetWire, udpWire } from "./wire.ts";

const POD = "pod";

/** The interface as it is now. */
export interface Here {
  readonly index: number;
  readonly mac: Uint8Array;
  readonly up: boolean;
  readonly addresses: readonly Ip[];
}

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

  /** The interface; `undefined` where it, or its namespace, is gone. @throws {NetnsError}, {NetlinkError} */
  link(): Here | undefined {
    if (Place.find(this.#netns, this.#ifname, this.id) === undefined) return undefined;
    using kernel = new RealKernel({ places: { [POD]: this.#netns } });
    const link = kernel.link(POD, this.#ifname);
    if (link?.mac === undefined || link.index === undefined) return undefined;
    const addresses = link.addrs.map(({ prefix }) => prefixIp(prefix));
    return { index: link.index, mac: macToBytes(link.mac), up: link.up, addresses };
  }

  /** @throws {OpError} */
  setUp(up: boolean): void {
    using kernel = new RealKernel({ places: { [POD]: this.#netns } });
    kernel.run([{ do: "link.set", netns: POD, name: parseIfName(this.#ifname), set: { up }, was: { up: !up } }]);
  }

  /** A way for who has no address yet. @throws {SysError} */
  packets({ index }: Here): Wire {
    using netns = this.#open();
    return packetWire(netns, index);
  }

  /** A way to `server`, or to all: from the address, where it is set, else by packets. @throws {SysError} */
  datagrams(here: Here, address: Ip, server?: Ip): Wire {
    // The kernel cannot be asked by binding: in a namespace that never had an address it takes any.
    if (!here.addresses.includes(address)) return this.packets(here);
    using netns = this.#open();
    return udpWire(netns, this.#ifname, address, server);
  }

  #open() {
    const fd = tryOpenFile(this.#netns);
    if (fd === undefined) throw new TypeError(`the namespace ${this.#netns} is gone`);
    return fd;
  }
}
