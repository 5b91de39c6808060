import { type Fd, type NsFd, receive } from "../sys/index.ts";
import { type Family, type Ip, familyOf } from "../values/index.ts";
import { openIcmp } from "./icmp-socket.ts";
import { ICMP4, ICMP6, type Stamp, readRequest } from "./packet.ts";
import type { ProbeEnd } from "./result.ts";

/** Requests may be as large as a packet can be; one buffer serves all, for reading is synchronous. */
const inbox = new Uint8Array(65535);

/** Hears the echo requests that arrive at one end. */
class Witness implements Disposable {
  readonly #fd: Fd;
  readonly #family: Family;
  readonly #stamp: Stamp;

  constructor(netns: NsFd, family: Family, stamp: Stamp) {
    this.#family = family;
    this.#stamp = stamp;
    this.#fd = openIcmp(netns, family, [family === 4 ? ICMP4.ECHO : ICMP6.ECHO]);
  }

  /** Numbers of the probes that have arrived meanwhile. */
  *arrivals(): Iterable<number> {
    for (;;) {
      const length = receive(this.#fd, inbox, false);
      if (length === undefined) return;
      const probe = readRequest(this.#family, inbox, length, this.#stamp);
      if (probe !== undefined) yield probe;
    }
  }

  [Symbol.dispose](): void {
    this.#fd.close();
  }
}

/**
 * Tells who answers for an address that several ends have: an answer looks the same whoever sent it, so it is listened at each of
 * them. A request is at its receiver's socket before the kernel answers it, so whoever has answered has been heard here by then.
 */
export class Witnesses implements Disposable {
  /** The ends that have an address, if there are several. */
  readonly #sharers = new Map<Ip, readonly ProbeEnd[]>();
  readonly #witnesses = new Map<ProbeEnd, Map<Family, Witness>>();
  readonly #heard = new Map<number, string[]>();

  /** @throws {SysError} EPERM, EMFILE … */
  constructor(ends: Iterable<ProbeEnd>, stamp: Stamp) {
    const owners = new Map<Ip, ProbeEnd[]>();
    for (const end of new Set(ends)) {
      for (const ip of new Set(end.addrs)) {
        const list = owners.get(ip);
        if (list === undefined) owners.set(ip, [end]);
        else list.push(end);
      }
    }
    try {
      for (const [ip, list] of owners) if (list.length > 1) this.#listen(ip, list, stamp);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  #listen(ip: Ip, ends: readonly ProbeEnd[], stamp: Stamp): void {
    const family = familyOf(ip);
    this.#sharers.set(ip, ends);
    for (const end of ends) {
      let own = this.#witnesses.get(end);
      if (own === undefined) this.#witnesses.set(end, (own = new Map()));
      if (!own.has(family)) own.set(family, new Witness(end.netns, family, stamp));
    }
  }

  /** Who has got the request that was just answered; `undefined` where the address is one end's only. */
  hearersOf(
    { to, address }: { readonly to: ProbeEnd; readonly address: Ip },
    probe: number,
  ): readonly string[] | undefined {
    const sharers = this.#sharers.get(address);
    // What nobody takes from a socket fills it.
    for (const end of sharers ?? [to]) this.#hear(end, familyOf(address));
    const names = this.#heard.get(probe) ?? [];
    this.#heard.delete(probe);
    return sharers === undefined ? undefined : names;
  }

  #hear(end: ProbeEnd, family: Family): void {
    const witness = this.#witnesses.get(end)?.get(family);
    if (witness === undefined) return;
    for (const probe of witness.arrivals()) {
      const names = this.#heard.get(probe);
      if (names === undefined) this.#heard.set(probe, [end.name]);
      else names.push(end.name);
    }
  }

  [Symbol.dispose](): void {
    for (const own of this.#witnesses.values()) for (const witness of own.values()) witness[Symbol.dispose]();
    this.#witnesses.clear();
  }
}
