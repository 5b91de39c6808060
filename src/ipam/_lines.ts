import { type Ip, parseIp } from "../values/index.ts";
import type { Owner, Reservation } from "./store.ts";

/** After so many questions whether an address is taken, a set of all of them is worth its making. */
const PATIENCE = 8;

/**
 * Reservations as one text, `address containerID ifname` a line, so that what one call asks is found by searching: taking
 * thousands of lines apart costs more than all else that the call does. Without `ifname`, or without both, the fields are empty.
 */
export class Lines {
  /** Begins and ends with a line break. */
  #text: string;
  #asked = 0;
  #ips: Set<string> | undefined;

  constructor(text = "\n") {
    this.#text = text;
  }

  static of(reservations: readonly Reservation[]): Lines {
    return new Lines(`\n${reservations.map(({ ip, owner }) => line(ip, owner)).join("")}`);
  }

  get text(): string {
    return this.#text;
  }

  taken(ip: Ip): boolean {
    if (++this.#asked <= PATIENCE) return this.#text.includes(`\n${ip} `);
    this.#ips ??= new Set(this.#lines().map((one) => one.slice(0, one.indexOf(" "))));
    return this.#ips.has(ip);
  }

  ownerOf(ip: Ip): Owner | undefined {
    const at = this.#text.indexOf(`\n${ip} `);
    return at < 0 ? undefined : parse(this.#text.slice(at + 1, this.#text.indexOf("\n", at + 1))).owner;
  }

  of(owner: Owner): Ip[] {
    return [...this.#find(owner, owner.ifname), ...(owner.ifname === undefined ? [] : this.#find(owner, undefined))];
  }

  #find({ containerId }: Owner, ifname: string | undefined): Ip[] {
    const end = ` ${containerId} ${ifname ?? ""}\n`;
    const found: Ip[] = [];
    for (let at = this.#text.indexOf(end); at >= 0; at = this.#text.indexOf(end, at + 1)) {
      const start = this.#text.lastIndexOf("\n", at - 1) + 1;
      found.push(parseIp(this.#text.slice(start, at)));
    }
    return found;
  }

  all(): Reservation[] {
    return this.#lines().map(parse);
  }

  #lines(): string[] {
    return this.#text.split("\n").slice(1, -1);
  }

  add(ip: Ip, owner: Owner | undefined): void {
    this.#text += line(ip, owner);
    this.#ips?.add(ip);
  }

  remove(ip: Ip): void {
    const at = this.#text.indexOf(`\n${ip} `);
    if (at < 0) return;
    this.#text = this.#text.slice(0, at) + this.#text.slice(this.#text.indexOf("\n", at + 1));
    this.#ips?.delete(ip);
  }
}

function line(ip: Ip, owner: Owner | undefined): string {
  return `${ip} ${owner?.containerId ?? ""} ${owner?.ifname ?? ""}\n`;
}

function parse(text: string): Reservation {
  const [address = "", containerId = "", ifname = ""] = text.split(" ");
  const ip = parseIp(address);
  if (containerId === "") return { ip };
  return { ip, owner: ifname === "" ? { containerId } : { containerId, ifname } };
}
