import { NetlinkSocket } from "../netlink/index.ts";
import { inside } from "../sys/index.ts";
import type { Family } from "../values/index.ts";
import { EchoSocket } from "./echo-socket.ts";
import { type Stamp, sizeLimits } from "./packet.ts";
import type { ProbeEnd, ProbePair } from "./result.ts";

/** The sockets of one end, each opened in its namespace when it is first needed. */
export class Station implements Disposable {
  readonly end: ProbeEnd;
  readonly #stamp: Stamp;
  readonly #size: number | undefined;
  readonly #echo = new Map<Family, EchoSocket>();
  #netlink: NetlinkSocket | undefined;

  constructor(end: ProbeEnd, stamp: Stamp, size: number | undefined) {
    this.end = end;
    this.#stamp = stamp;
    this.#size = size;
  }

  /** @throws {SysError} EPERM, EMFILE … */
  echo(family: Family): EchoSocket {
    let socket = this.#echo.get(family);
    if (socket === undefined) {
      socket = new EchoSocket(this.end.netns, family, this.#stamp, this.#size ?? sizeLimits(family)[0]);
      this.#echo.set(family, socket);
    }
    return socket;
  }

  /** @throws {SysError} EMFILE … */
  get netlink(): NetlinkSocket {
    return (this.#netlink ??= inside(this.end.netns, () => new NetlinkSocket()));
  }

  [Symbol.dispose](): void {
    for (const socket of this.#echo.values()) socket[Symbol.dispose]();
    this.#echo.clear();
    this.#netlink?.[Symbol.dispose]();
    this.#netlink = undefined;
  }
}

/** A station for every end of some pairs. */
export class Stations implements Disposable {
  readonly #all = new Map<ProbeEnd, Station>();

  constructor(pairs: readonly ProbePair[], stamp: Stamp, size: number | undefined) {
    for (const { from, to } of pairs) {
      if (!this.#all.has(from)) this.#all.set(from, new Station(from, stamp, size));
      if (!this.#all.has(to)) this.#all.set(to, new Station(to, stamp, size));
    }
  }

  /** @throws {TypeError} for an end of no pair */
  of(end: ProbeEnd): Station {
    const station = this.#all.get(end);
    if (station === undefined) throw new TypeError(`${end.name} is an end of no pair`);
    return station;
  }

  /** One of them. @throws {TypeError} when there is none */
  any(): Station {
    for (const station of this.#all.values()) return station;
    throw new TypeError("a matrix without pairs has no stations");
  }

  all(): readonly Station[] {
    return [...this.#all.values()];
  }

  [Symbol.dispose](): void {
    for (const station of this.#all.values()) station[Symbol.dispose]();
    this.#all.clear();
  }
}
