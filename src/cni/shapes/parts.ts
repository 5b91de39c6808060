/** What the shapes of results have in common: addresses, routes, DNS. */
import { type Ip, type Prefix, parseIp, parsePrefix, prefixLength } from "../../values/index.ts";
import type { Reader, Section } from "../conf.ts";
import { asIp, asPrefix, asSection, asString } from "../conf.ts";
import type { JsonObject } from "../plugin.ts";
import type { Dns, Result, Route } from "../result.ts";

/** A result without its empty members: absent means absent. */
export function resultOf(parts: { readonly [K in keyof Result]: Result[K] | undefined }): Result {
  const { interfaces = [], ips = [], routes = [], dns } = parts;
  return {
    ...(interfaces.length > 0 && { interfaces }),
    ...(ips.length > 0 && { ips }),
    ...(routes.length > 0 && { routes }),
    ...(dns !== undefined && Object.keys(dns).length > 0 && { dns }),
  };
}

/** An IPv4-mapped IPv6 address is IPv4, as Go prints it. */
export const resultIp: Reader<Ip> = (value, path) => {
  const ip = asIp(value, path);
  const mapped = mappedOf(ip);
  return mapped === undefined ? ip : parseIp(mapped);
};

/** As {@link resultIp}; host bits are kept. */
export const resultPrefix: Reader<Prefix> = (value, path) => {
  const prefix = asPrefix(value, path);
  const mapped = mappedOf(prefix.slice(0, prefix.indexOf("/")));
  return mapped === undefined ? prefix : parsePrefix(`${mapped}/${Math.max(0, prefixLength(prefix) - 96)}`);
};

/** RFC 5952 section 5 writes such addresses with a dotted end. */
function mappedOf(ip: string): string | undefined {
  return ip.startsWith("::ffff:") && ip.includes(".") ? ip.slice("::ffff:".length) : undefined;
}

/** An optional address: the empty text is absent. */
export function gatewayOf(section: Section, key: string): Ip | undefined {
  return section.raw(key) === "" ? undefined : section.read(key, resultIp);
}

/** An optional text: the empty one is absent. */
export function textOf(section: Section, key: string): string | undefined {
  const text = section.string(key);
  return text === "" ? undefined : text;
}

export function routesOf(section: Section): readonly Route[] | undefined {
  return section.list("routes", asRoute);
}

const asRoute: Reader<Route> = (value, path) => {
  const route = asSection(value, path);
  const gw = gatewayOf(route, "gw");
  return {
    dst: route.need("dst", resultPrefix),
    ...(gw !== undefined && { gw }),
    ...number(route, "mtu"),
    ...number(route, "advmss"),
    ...number(route, "priority"),
    ...number(route, "table"),
    ...number(route, "scope"),
  };
};

function number<K extends string>(section: Section, key: K): { readonly [N in K]?: number } {
  const value = section.int(key);
  return value === undefined ? {} : ({ [key]: value } as { [N in K]: number });
}

export function dnsOf(section: Section): Dns | undefined {
  const dns = section.object("dns");
  if (dns === undefined) return undefined;
  const domain = textOf(dns, "domain");
  const nameservers = texts(dns, "nameservers");
  const search = texts(dns, "search");
  const options = texts(dns, "options");
  return {
    ...(nameservers && { nameservers }),
    ...(domain !== undefined && { domain }),
    ...(search && { search }),
    ...(options && { options }),
  };
}

function texts(section: Section, key: string): readonly string[] | undefined {
  const list = section.list(key, asString);
  return list === undefined || list.length === 0 ? undefined : list;
}

/** `dns` as results up to 0.4.0 always have it, keys in the order of their declaration. */
export function printDns({ nameservers, domain, search, options }: Dns = {}): JsonObject {
  return { nameservers: filled(nameservers), domain, search: filled(search), options: filled(options) };
}

/** A list that has something in it. */
export function filled<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}
