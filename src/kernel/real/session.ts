import type { NetnsName } from "../../change/index.ts";
import { NETLINK_NETFILTER, NetlinkSocket, type Request } from "../../netlink/index.ts";
import { listLinks } from "../../rtnl/index.ts";
import { E, type NsFd, SysError, inside } from "../../sys/index.ts";
import type { Places } from "./places.ts";

/** Loopback is the first device of every namespace. */
export const LOOPBACK_INDEX = 1;

/** Numbers for links, each given once: the two numbers of a veth then tell which ends belong together. */
class Numbers {
  #last = LOOPBACK_INDEX;

  next(): number {
    return ++this.#last;
  }

  saw(index: number): void {
    if (index > this.#last) this.#last = index;
  }
}

/**
 * A held socket in one namespace, with the numbers of its links. In a namespace that is ours alone, links that we make get
 * numbers that we choose, so that the next request can name them without asking. In one that others use too the kernel chooses, and
 * is asked for each link that is spoken of.
 */
export class Session implements Disposable {
  readonly netns: NetnsName;
  readonly socket: NetlinkSocket;
  /** Requests to this namespace that wait until it is used next (state of veth ends made from the other side). */
  readonly deferred: { readonly request: Request; readonly op: number }[] = [];
  /** For the ruleset; opened when it is first spoken of. */
  nft: NetlinkSocket | undefined;
  #indexes: Map<string, number> | undefined;
  readonly #numbers: Numbers;
  readonly #shared: boolean;
  /** Sends what is gathered: done before the kernel is asked for links that it may make or take away, also from another namespace. */
  readonly beforeAsking: () => void;

  constructor(netns: NetnsName, socket: NetlinkSocket, numbers: Numbers, shared: boolean, beforeAsking: () => void) {
    this.beforeAsking = beforeAsking;
    this.netns = netns;
    this.socket = socket;
    this.#numbers = numbers;
    this.#shared = shared;
  }

  /** Number of a link, if it is there. */
  tryIndexOf(name: string): number | undefined {
    return this.#shared ? this.#ask(name) : this.#table().get(name);
  }

  #ask(name: string): number | undefined {
    const known = this.#indexes?.get(name);
    if (known !== undefined) return known;
    this.beforeAsking();
    const index = this.socket.indexOf(name);
    if (index !== undefined) (this.#indexes ??= new Map()).set(name, index);
    return index;
  }

  /** Number of a link. @throws {SysError} ENODEV */
  indexOf(name: string): number {
    const index = this.tryIndexOf(name);
    if (index === undefined) throw new SysError("netlink", E.ENODEV, `find link ${name} in ${this.netns}`);
    return index;
  }

  /** A number for a link that is about to be made; `undefined` leaves the choice to the kernel. */
  claim(name: string): number | undefined {
    if (this.#shared) return undefined;
    const table = this.#table();
    if (table.has(name)) throw new SysError("netlink", E.EEXIST, `add link ${name} in ${this.netns}`);
    const index = this.#numbers.next();
    table.set(name, index);
    return index;
  }

  /** The link is gone, or was never made. */
  forget(name: string): void {
    this.#indexes?.delete(name);
  }

  /** The names may have changed: they are read again when next needed. */
  forgetAll(): void {
    this.#indexes = undefined;
  }

  /** Links that were read here: none that we make gets a number that one of them has. */
  saw(links: readonly { readonly index: number }[]): void {
    for (const { index } of links) this.#numbers.saw(index);
  }

  #table(): Map<string, number> {
    if (this.#indexes !== undefined) return this.#indexes;
    this.beforeAsking();
    const links = this.socket.dump(listLinks());
    this.saw(links);
    return (this.#indexes = new Map(links.map(({ name, index }) => [name, index])));
  }

  [Symbol.dispose](): void {
    this.socket[Symbol.dispose]();
    this.nft?.[Symbol.dispose]();
  }
}

/** More held sockets than this are closed, longest unused first: descriptors are limited, opening one takes 20 µs. */
const MOST_SESSIONS = 4096;

/** The sessions of a program, opened as they are needed. */
export class Sessions implements Disposable {
  readonly #open = new Map<NetnsName, Session>();
  readonly #numbers = new Numbers();
  readonly #places: Places;
  /** What a session does before it asks; a run that gathers sets it. */
  beforeAsking: () => void = () => undefined;

  constructor(places: Places) {
    this.#places = places;
  }

  /** The session in a namespace. @throws {NetnsError} `missing` */
  in(netns: NetnsName): Session {
    const held = this.#open.get(netns);
    if (held !== undefined) return held;
    if (this.#places.isOwn(netns)) return this.adopt(netns, new NetlinkSocket());
    using fd = this.#places.open(netns);
    return this.at(netns, fd);
  }

  /** The session in a namespace that is open already. */
  at(netns: NetnsName, fd: NsFd): Session {
    return (
      this.#open.get(netns) ??
      this.adopt(
        netns,
        inside(fd, () => new NetlinkSocket()),
      )
    );
  }

  /** The socket for the ruleset of a namespace. @throws {NetnsError} `missing` */
  nft(netns: NetnsName): NetlinkSocket {
    const session = this.in(netns);
    if (session.nft !== undefined) return session.nft;
    const open = () => new NetlinkSocket(NETLINK_NETFILTER);
    if (this.#places.isOwn(netns)) return (session.nft = open());
    using fd = this.#places.open(netns);
    return (session.nft = inside(fd, open));
  }

  /** The session in a namespace, if it is open. */
  held(netns: NetnsName): Session | undefined {
    return this.#open.get(netns);
  }

  /** Takes a socket that was opened in a namespace. */
  adopt(netns: NetnsName, socket: NetlinkSocket): Session {
    for (const [name, oldest] of this.#open) {
      if (this.#open.size < MOST_SESSIONS) break;
      if (oldest.deferred.length > 0) continue;
      this.close(name);
    }
    const session = new Session(netns, socket, this.#numbers, this.#places.isShared(netns), () => this.beforeAsking());
    this.#open.set(netns, session);
    return session;
  }

  /** Every open session. */
  all(): Iterable<Session> {
    return this.#open.values();
  }

  /** Closes a namespace's session: a held socket keeps its namespace alive. */
  close(netns: NetnsName): void {
    this.#open.get(netns)?.[Symbol.dispose]();
    this.#open.delete(netns);
  }

  [Symbol.dispose](): void {
    for (const session of this.#open.values()) session[Symbol.dispose]();
    this.#open.clear();
  }
}
