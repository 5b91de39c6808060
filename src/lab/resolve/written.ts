import { contains, familyOf, ipToBigInt, nearest, prefixIp } from "../../values/index.ts";
import type { Ip } from "../../values/index.ts";
import type { Issues } from "./_issues.ts";
import { isOnLan, roomIn } from "./lans.ts";
import type { Lan } from "./lans.ts";
import type { NodeEntry } from "./members.ts";

/** Whether the addresses that are written for nodes are ordinary ones of their LANs, one for each prefix. */
export function checkWritten(nodes: readonly NodeEntry[], lans: readonly Lan[], issues: Issues): void {
  const byName = new Map(lans.map((lan) => [lan.name, lan]));
  for (const node of nodes) {
    for (const [name, ips] of node.addresses ?? []) {
      const path = [...node.path, "addresses", name];
      const lan = byName.get(name);
      if (lan === undefined || !isOnLan(node, lan)) {
        const own = lans.filter((each) => isOnLan(node, each)).map((each) => each.name);
        const guess = nearest(name, own);
        const hint = guess === undefined ? `it is on ${own.join(", ") || "no LAN"}` : `did you mean "${guess}"?`;
        issues.add(path, `node ${node.name} is not on LAN "${name}"`, hint);
        continue;
      }
      for (const ip of ips) checkOne(node, lan, ip, ips, [...path], issues);
    }
  }
}

function checkOne(
  { name }: NodeEntry,
  lan: Lan,
  ip: Ip,
  all: readonly Ip[],
  path: readonly (string | number)[],
  issues: Issues,
): void {
  const prefix = lan.prefixes.find((each) => contains(each, ip));
  if (prefix === undefined) {
    issues.add(
      path,
      `${ip} of node ${name} is in no prefix of LAN ${lan.name}`,
      `it has ${lan.prefixes.join(", ") || "none"}`,
    );
    return;
  }
  if (all.find((each) => contains(prefix, each)) !== ip) {
    issues.add(path, `node ${name} has two addresses in ${prefix} of LAN ${lan.name}`, "write one for each prefix");
  }
  const host = ipToBigInt(ip) - ipToBigInt(prefixIp(prefix));
  if (host === 0n || host > roomIn(prefix)) {
    const what = familyOf(ip) === 4 && host !== 0n ? "broadcast" : "network";
    issues.add(path, `${ip} of node ${name} is the ${what} address of ${prefix}`, "take another one");
  }
}
