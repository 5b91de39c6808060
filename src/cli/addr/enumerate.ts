import type { View } from "../../output/index.ts";
import {
  type AddressTemplate,
  type Prefix,
  addressBits,
  lastOf,
  makePrefix,
  prefixIp,
  templateNet,
  templateRoom,
} from "../../values/index.ts";
import type { Range } from "../../xcluster/index.ts";
import { UsageError } from "../usage.ts";
import { type HostAddress, addressView, hostAddress } from "./address-view.ts";

/** What to enumerate: nets alone, or hosts of nets. */
export interface Question {
  readonly templates: readonly AddressTemplate[];
  readonly nets: Range | undefined;
  readonly hosts: Range | undefined;
  /** So many lines at most. */
  readonly limit: number;
}

/** Some of what there is, and how much there is. */
export interface Enumeration {
  readonly view: View;
  readonly shown: number;
  readonly total: bigint;
  readonly what: "nets" | "addresses";
}

/** The nets of templates, or the addresses of hosts. @throws {UsageError} for numbers that no template has */
export function enumerate(question: Question): Enumeration {
  const { templates, nets, hosts, limit } = question;
  const spans = templates.map((template) => spanOf(template, nets, hosts));
  const limits = templates.map(limitsOf);
  if (nets === undefined && hosts === undefined) {
    const total = spans.reduce((sum, span) => sum + sizeOf(span.nets), 0n);
    const shown = take(limit, byNumber(spans.map((span) => span.nets)), ([number, at]) => netOf(templates, at, number));
    return { view: netsView(shown, { templates: limits, total }), shown: shown.length, total, what: "nets" };
  }
  const total = spans.reduce((sum, span) => sum + sizeOf(span.nets) * sizeOf(span.hosts), 0n);
  const shown = take(limit, hostsOf(spans), ([net, host, at]) => hostOf(templates, at, net, host));
  return { view: addressView(shown, { templates: limits, total }), shown: shown.length, total, what: "addresses" };
}

interface Span {
  readonly nets: Range;
  readonly hosts: Range;
}

/** What is asked of one template, by default all it has. @throws {UsageError} */
function spanOf(template: AddressTemplate, nets: Range | undefined, hosts: Range | undefined): Span {
  const room = templateRoom(template);
  const within = (asked: Range | undefined, size: bigint, slot: string): Range => {
    if (asked === undefined) return { first: 0n, last: size - 1n };
    if (asked.last < size) return asked;
    throw new UsageError(`--${slot} ${asked.last} does not fit: ${template.text} has ${slot}s 0-${size - 1n}`);
  };
  return { nets: within(nets, room.net, "net"), hosts: within(hosts, room.host, "host") };
}

const sizeOf = ({ first, last }: Range): bigint => last - first + 1n;

/** Each number with the places of those that have it. */
function* byNumber(ranges: readonly Range[]): Generator<readonly [number: bigint, at: number]> {
  const last = ranges.reduce((most, range) => (range.last > most ? range.last : most), -1n);
  for (let number = ranges[0]?.first ?? 0n; number <= last; number++) {
    for (const [at, range] of ranges.entries()) if (number <= range.last) yield [number, at];
  }
}

function* hostsOf(spans: readonly Span[]): Generator<readonly [net: bigint, host: bigint, at: number]> {
  const last = spans.reduce((most, { nets }) => (nets.last > most ? nets.last : most), -1n);
  for (let net = spans[0]?.nets.first ?? 0n; net <= last; net++) {
    const having = spans.map((span, at) => ({ ...span, at })).filter(({ nets }) => net <= nets.last);
    for (const [host, place] of byNumber(having.map(({ hosts }) => hosts))) yield [net, host, having[place]?.at ?? 0];
  }
}

function take<From, To>(limit: number, all: Iterable<From>, make: (one: From) => To): readonly To[] {
  const taken: To[] = [];
  for (const one of all) {
    if (taken.length === limit) break;
    taken.push(make(one));
  }
  return taken;
}

/** A net of a template. */
interface Net {
  readonly net: bigint;
  readonly network: Prefix;
  readonly first: string;
  readonly last: string;
  readonly hosts: bigint;
  readonly template: string;
}

function netOf(templates: readonly AddressTemplate[], at: number, net: bigint): Net {
  const template = templates[at] as AddressTemplate;
  const network = templateNet(template, net);
  return {
    net,
    network,
    first: prefixIp(network),
    last: lastOf(network),
    hosts: templateRoom(template).host,
    template: template.text,
  };
}

function hostOf(templates: readonly AddressTemplate[], at: number, net: bigint, host: bigint): HostAddress {
  return hostAddress(templates[at] as AddressTemplate, net, host);
}

function netsView(nets: readonly Net[], more: object): View {
  return {
    columns: [
      { key: "net", align: "right" },
      { key: "network" },
      { key: "first" },
      { key: "last" },
      { key: "hosts", align: "right" },
      { key: "template", wide: true },
    ],
    rows: nets.map((one) => ({ ...one })),
    data: { ...more, nets },
    names: nets.map(({ network }) => network),
  };
}

/** What a template has room for. */
function limitsOf(template: AddressTemplate): object {
  const { text, family, base, outer, inner } = template;
  const room = templateRoom(template);
  return {
    template: text,
    family,
    whole: makePrefix(base, outer),
    nets: room.net,
    hosts: room.host,
    netBits: inner - outer,
    hostBits: addressBits(family) - inner,
  };
}
