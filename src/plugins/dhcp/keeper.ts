import { type Ip, parseIp } from "../../values/index.ts";
import { type Client, type Clock, type Outcome, type Patience, acquire, extend, release } from "./client.ts";
import type { Lease } from "./lease.ts";
import { type Note, removeNote, writeNote } from "./note.ts";
import type { Place } from "./place.ts";
import { Option } from "./message.ts";
import { type Holder, clientIdOf } from "./protocol.ts";

/** What all leases of a daemon have in common. */
export interface Settings {
  readonly clock: Clock;
  readonly patience: Patience;
  /** How long one question waits for its answer, milliseconds. */
  readonly timeout: number;
  readonly broadcast: boolean;
  /** Folder of the notes. */
  readonly notes: string;
  readonly log: (line: string) => void;
}

/** What the plugin wants of the server. */
export interface Wishes {
  readonly provide: Readonly<Record<number, string>>;
  readonly request: readonly number[];
}

/** The longest sleep, milliseconds: then it is looked whether the interface is still there, and what time it is. */
const NAP = 60_000;

/** Gets a lease and keeps it until it is told to end, the interface is gone, or the server does not want it any more. */
export class Keeper {
  readonly holder: Holder;
  readonly #netns: string;
  readonly #place: Place;
  readonly #wishes: Wishes;
  readonly #settings: Settings;
  readonly #gone: (keeper: Keeper) => void;
  #lease: Lease | undefined;
  #grantedAt = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  /** @param gone - called when the lease is over by itself */
  constructor(
    holder: Holder,
    netns: string,
    place: Place,
    wishes: Wishes,
    settings: Settings,
    gone: (keeper: Keeper) => void,
  ) {
    this.holder = holder;
    this.#netns = netns;
    this.#place = place;
    this.#wishes = wishes;
    this.#settings = settings;
    this.#gone = gone;
  }

  get lease(): Lease | undefined {
    return this.#lease;
  }

  /** Goes on with what another daemon had. */
  adopt({ lease, grantedAt }: Note): void {
    this.#lease = lease;
    this.#grantedAt = grantedAt;
    void this.#keep();
  }

  /** Asks the servers; sets the interface up for that. @throws {Error} when the interface is gone */
  async acquire(): Promise<Outcome> {
    const link = this.#place.link();
    if (link === undefined)
      return { kind: "refused", why: `there is no interface ${this.holder.ifname} in ${this.#netns}` };
    if (!link.up) this.#place.setUp(true);
    using wire = this.#place.packets(link);
    const { clock, patience } = this.#settings;
    const asked = clock.now();
    const outcome = await acquire(wire, this.#client(link.mac), clock, patience, () => this.#ended);
    if (outcome.kind !== "granted") return outcome;
    this.#grant(outcome.lease, asked);
    if (!this.#ended) void this.#keep();
    return this.#ended ? { kind: "cancelled" } : outcome;
  }

  /** Ends it, at once; with `giveBack` the server is told, if that is possible, and what is returned ends when it is. */
  async end(giveBack: boolean): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#wake?.();
    const lease = this.#lease;
    this.#lease = undefined;
    if (lease === undefined) return;
    this.#forget();
    if (giveBack) await this.#giveBack(lease);
  }

  /** Ends it here and leaves it to the next daemon. */
  pause(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async #giveBack(lease: Lease): Promise<void> {
    try {
      const link = this.#place.link();
      if (link === undefined) return;
      const address = ipOf(lease);
      using wire = this.#place.datagrams(link, address, lease.server);
      await release(wire, this.#client(link.mac), this.#settings.clock, address, lease.server);
    } catch (error) {
      // The server frees it when its time is over.
      this.#log(`cannot give ${lease.address} back: ${textOf(error)}`);
    }
  }

  #forget(): void {
    try {
      removeNote(this.#settings.notes, this.holder);
    } catch (error) {
      // The next daemon finds it, and finds that the interface is gone.
      this.#log(`cannot remove what was written down: ${textOf(error)}`);
    }
  }

  #client(mac: Uint8Array): Client {
    const { provide, request } = this.#wishes;
    const given = Object.entries(provide).map(([code, hex]) => [Number(code), Uint8Array.fromHex(hex)] as const);
    return {
      mac,
      provide: new Map([[Option.clientId, clientIdOf(this.holder)], ...given]),
      request,
      broadcast: this.#settings.broadcast,
    };
  }

  #grant(lease: Lease, at: number): void {
    this.#lease = lease;
    this.#grantedAt = at;
    const { holder } = this;
    try {
      writeNote(this.#settings.notes, {
        holder,
        netns: this.#netns,
        netnsId: this.#place.id,
        ...this.#wishes,
        lease,
        grantedAt: at,
      });
    } catch (error) {
      // It is kept all the same, as long as this daemon lives.
      this.#log(`cannot write down ${lease.address}: ${textOf(error)}`);
    }
  }

  async #keep(): Promise<void> {
    try {
      for (let lease = this.#lease; lease !== undefined && !this.#ended; lease = this.#lease) {
        await this.#until(this.#grantedAt + lease.renewAfter * 1000);
        const kept =
          (await this.#extend(lease, lease.rebindAfter, lease.server)) || (await this.#extend(lease, lease.seconds));
        if (this.#ended) return;
        if (!kept) return this.#lose(`${lease.address} could not be renewed`);
      }
    } catch (error) {
      if (!this.#ended) this.#lose(textOf(error));
    }
  }

  /** Asks again and again until `end` seconds after the grant. @throws {Gone} */
  async #extend(lease: Lease, end: number, server?: Ip): Promise<boolean> {
    const { clock, timeout } = this.#settings;
    const until = this.#grantedAt + end * 1000;
    while (!this.#ended && clock.now() < until) {
      const asked = clock.now();
      const outcome = await this.#ask(lease, Math.min(timeout, until - asked), server);
      if (outcome.kind === "granted") {
        this.#grant(outcome.lease, asked);
        return true;
      }
      if (outcome.kind === "refused") throw new Gone(`${lease.address}: ${outcome.why}`);
      // RFC 2131 section 4.4.5: half of what is left, but at least a minute; less for short leases.
      const left = until - clock.now();
      await this.#until(clock.now() + Math.min(left, Math.max(left / 2, Math.min(60_000, lease.seconds * 50))));
    }
    return false;
  }

  async #ask(lease: Lease, wait: number, server: Ip | undefined): Promise<Outcome> {
    const link = this.#place.link();
    if (link === undefined) throw new Gone(`interface ${this.holder.ifname} in ${this.#netns} is gone`);
    try {
      using wire = this.#place.datagrams(link, ipOf(lease), server);
      return await extend(wire, this.#client(link.mac), this.#settings.clock, ipOf(lease), wait, () => this.#ended);
    } catch (error) {
      // A link that is down, a route that is missing: it may be better next time.
      return { kind: "silent", why: textOf(error) };
    }
  }

  /** Sleeps in naps. @throws {Gone} when the interface's namespace is gone */
  async #until(time: number): Promise<void> {
    const { clock } = this.#settings;
    for (let left = time - clock.now(); left > 0 && !this.#ended; left = time - clock.now()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await Promise.race([clock.sleep(Math.min(left, NAP)), promise]);
      if (!this.#ended && this.#place.link() === undefined)
        throw new Gone(`interface ${this.holder.ifname} in ${this.#netns} is gone`);
    }
  }

  /** The lease is over: nobody may use the address any more (RFC 2131 section 4.4.5). */
  #lose(why: string): void {
    this.#log(`lost: ${why}`);
    void this.end(false);
    this.#gone(this);
    try {
      if (this.#place.link()?.up === true) this.#place.setUp(false);
    } catch (error) {
      this.#log(`cannot set ${this.holder.ifname} down: ${textOf(error)}`);
    }
  }

  #log(text: string): void {
    const { network, containerID, ifname } = this.holder;
    this.#settings.log(`${network}/${containerID}/${ifname}: ${text}`);
  }
}

/** There is nothing left to keep. */
class Gone extends Error {}

function ipOf({ address }: Lease): Ip {
  return parseIp(address.slice(0, address.indexOf("/")));
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
