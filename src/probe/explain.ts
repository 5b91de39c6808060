import { type Ip, familyOf, ipFromBytes, prefixIp } from "../values/index.ts";
import { type Finding, WAY_BACK, WEIGHT, mostLikely } from "./finding.ts";
import { icmpErrorText, saysTooBig } from "./icmp-error.ts";
import { Situation } from "./situation.ts";
import type { Stations } from "./station.ts";
import type { Tally } from "./tally.ts";
import { type Owners, type Way, describeHop, examineLink, followWay } from "./way.ts";

export interface ExplainOptions {
  /** Bytes of the whole packet, if it was chosen. */
  readonly size: number | undefined;
  readonly owners: ((ip: Ip) => string | undefined) | undefined;
  /** The neighbour tables were full of what others put there. */
  readonly crowded: boolean;
}

/** Finds the facts that explain pairs, reading each namespace once: made after the probes, used soon after them. */
export class Explainer {
  readonly #stations: Stations;
  readonly #options: ExplainOptions;
  readonly #situations = new Map<string, Situation>();
  readonly #ways = new Map<string, Way>();
  readonly #owners: Owners;

  constructor(stations: Stations, options: ExplainOptions) {
    this.#stations = stations;
    this.#options = options;
    let byIp: ReadonlyMap<Ip, Situation> | undefined;
    const endOf = (ip: Ip): Situation | undefined => (byIp ??= this.#byAddress()).get(ip);
    const show = (ip: Ip): string => {
      const name = endOf(ip)?.end.name ?? options.owners?.(ip);
      return name === undefined ? ip : `${ip} (${name})`;
    };
    this.#owners = { endOf, show };
  }

  /** Addresses that two ends have (a gateway on every node) name nobody. */
  #byAddress(): ReadonlyMap<Ip, Situation> {
    const found = new Map<Ip, Situation>();
    const twice = new Set<Ip>();
    for (const station of this.#stations.all()) {
      const situation = this.#situation(station.end);
      for (const { prefix } of situation.addrs) {
        const ip = prefixIp(prefix);
        if (found.has(ip)) twice.add(ip);
        found.set(ip, situation);
      }
    }
    for (const ip of twice) found.delete(ip);
    return found;
  }

  #situation(end: Situation["end"]): Situation {
    let situation = this.#situations.get(end.name);
    if (situation === undefined) this.#situations.set(end.name, (situation = new Situation(this.#stations.of(end))));
    return situation;
  }

  /** The way to an address of `to`, which others may have too. */
  #way(from: Situation, dst: Ip, to: Situation): Way {
    const key = `${dst} ${from.end.name} ${to.end.name}`;
    let way = this.#ways.get(key);
    if (way === undefined) {
      const { endOf, show } = this.#owners;
      const owners = { endOf: (ip: Ip) => (ip === dst && to.find(ip) !== undefined ? to : endOf(ip)), show };
      this.#ways.set(key, (way = followWay(from, dst, this.#options.size, owners)));
    }
    return way;
  }

  /** The two facts that most likely explain a pair that is not as expected, most likely first. */
  factsOf(tally: Tally): string[] {
    const { from, to, address } = tally.pair;
    const source = this.#situation(from);
    const target = this.#situation(to);
    const there = this.#way(source, address, target);
    const answerTo = there.source ?? firstIp(source, tally);
    const back = answerTo === undefined ? undefined : this.#way(target, answerTo, source);
    if (tally.reached) return mostLikely(this.#carriers(tally, there, back, answerTo));
    return mostLikely([
      ...byOther(tally),
      ...this.#atSource(source, tally),
      ...this.#fromNetwork(tally),
      ...there.findings,
      ...this.#atTarget(target, tally),
      ...(back?.findings ?? []).map(({ weight, text }) => ({ weight: weight + WAY_BACK, text })),
      ...this.#inWords(there, back, address, answerTo),
    ]);
  }

  #atSource(source: Situation, { family }: Tally): Finding[] {
    const findings = this.#mainLink(source);
    const { name } = source.end;
    const usable = source.usable(family);
    if (usable.length === 0) findings.push({ weight: WEIGHT.noAddress, text: `${name} has no IPv${family} address` });
    for (const { prefix, flags } of usable) {
      if (flags.includes("dadFailed")) findings.push(dadFailed(name, prefixIp(prefix)));
    }
    return findings;
  }

  #atTarget(target: Situation, { pair: { address } }: Tally): Finding[] {
    const findings = this.#mainLink(target, WAY_BACK);
    const { name } = target.end;
    const { size } = this.#options;
    const found = target.find(address);
    if (found === undefined) {
      findings.push({ weight: WEIGHT.noAddress, text: `${name} does not have the address ${address}` });
      return findings;
    }
    if (found.flags.includes("dadFailed")) findings.push(dadFailed(name, address));
    else if (found.flags.includes("tentative")) {
      const text = `${address} of ${name} is not usable yet: duplicate address detection is under way (tentative)`;
      findings.push({ weight: WEIGHT.tentative, text });
    }
    const link = target.link(found.index);
    if (link === undefined) return findings;
    // What is too small to receive by is told before what is too small to answer by.
    examineLink(target, link, size, (weight, text) =>
      findings.push({ weight: weight === WEIGHT.tooBigHere ? WEIGHT.tooBigThere : weight + WAY_BACK, text }),
    );
    return findings;
  }

  #mainLink(situation: Situation, bonus = 0): Finding[] {
    const findings: Finding[] = [];
    const { dev, name } = situation.end;
    const link = situation.mainLink();
    if (link !== undefined)
      examineLink(situation, link, undefined, (weight, text) => findings.push({ weight: weight + bonus, text }));
    else if (dev !== undefined)
      findings.push({ weight: WEIGHT.noLink + bonus, text: `${name} has no interface ${dev}` });
    return findings;
  }

  /** What was said when the request was sent, or came instead of its answer. */
  #fromNetwork({ refusal, error, family, pair }: Tally): Finding[] {
    const findings: Finding[] = [];
    const { from, address } = pair;
    const { size, crowded } = this.#options;
    if (crowded) {
      const key = `net.ipv${family}.neigh.default.gc_thresh3`;
      findings.push({
        weight: WEIGHT.tableFull,
        text: `the machine's IPv${family} neighbour table is full: raise ${key} on the host`,
      });
    }
    if (refusal !== undefined && refusal !== "EMSGSIZE" && !ROUTE_REFUSALS.has(refusal)) {
      const filter =
        refusal === "EPERM" || refusal === "EACCES" ? ": a packet filter or a prohibiting route there" : "";
      findings.push({
        weight: WEIGHT.refused,
        text: `the kernel of ${from.name} refuses to send to ${address} (${refusal}${filter})`,
      });
    }
    if (error === undefined) return findings;
    const { type, code, mtu, sender } = error;
    const who = sender === undefined ? "a router on the way" : this.#owners.show(ipFromBytes(sender));
    if (saysTooBig(family, type, code)) {
      const takes = mtu === undefined ? "less" : `${mtu}`;
      const text = `${who} cannot pass on ${size ?? "so many"} bytes: its next link takes ${takes} (${icmpErrorText(family, type, code)})`;
      findings.push({ weight: WEIGHT.tooBigOnTheWay, text });
    } else {
      findings.push({ weight: WEIGHT.icmpError, text: `${who} answers: ${icmpErrorText(family, type, code)}` });
    }
    return findings;
  }

  /** Nothing is visibly wrong: at least say where the packets went. */
  #inWords(there: Way, back: Way | undefined, address: Ip, answerTo: Ip | undefined): Finding[] {
    const findings: Finding[] = [];
    const [first] = there.hops;
    const [last] = back?.hops ?? [];
    if (first !== undefined)
      findings.push({ weight: WEIGHT.way, text: describeHop(first, "sends", address, this.#owners) });
    if (last !== undefined && answerTo !== undefined) {
      findings.push({ weight: WEIGHT.way + WAY_BACK, text: describeHop(last, "answers", answerTo, this.#owners) });
    }
    return findings;
  }

  /** What carries a pair that must not reach: routers first, for their routes were made on purpose. */
  #carriers(tally: Tally, there: Way, back: Way | undefined, answerTo: Ip | undefined): Finding[] {
    const { address } = tally.pair;
    const routers = there.hops
      .slice(1)
      .map((hop) => ({ weight: WEIGHT.hop, text: describeHop(hop, "forwards", address, this.#owners) }));
    return [...routers, ...this.#inWords(there, back, address, answerTo)];
  }
}

/** Told by the routing table too, and better. */
const ROUTE_REFUSALS = new Set(["ENETUNREACH", "EHOSTUNREACH", "ENETDOWN"]);

/** The answer looked right, but it was not who was asked. */
function byOther({ answeredBy, pair: { to, address } }: Tally): Finding[] {
  if (answeredBy === undefined) return [];
  const who = answeredBy === "" ? "somebody outside the lab's members" : answeredBy;
  return [{ weight: WEIGHT.answeredByOther, text: `${who} answered for ${address}, not ${to.name}` }];
}

function dadFailed(name: string, ip: Ip): Finding {
  return {
    weight: WEIGHT.dadFailed,
    text: `${ip} of ${name} is a duplicate: somebody else on the link has it (dadfailed)`,
  };
}

function firstIp(source: Situation, { family, pair }: Tally): Ip | undefined {
  const own = source.usable(family)[0];
  return own === undefined ? pair.from.addrs.find((ip) => familyOf(ip) === family) : prefixIp(own.prefix);
}
