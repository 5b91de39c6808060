import {
  contains,
  familyOf,
  ipToBigInt,
  networkOf,
  parseIfName,
  prefixIp,
  shortIfName,
  stableMac,
  ValueError,
} from "../../values/index.ts";
import type { Mac, Prefix } from "../../values/index.ts";
import type { LabFile, LabSpec, Path } from "../file/index.ts";
import type { ExternalSpec, NodeSpec, PodNetwork, Uplink } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import { hostOf } from "./addresses.ts";
import { addressesOn, lanHint, roomIn } from "./lans.ts";
import type { Lan } from "./lans.ts";
import type { NetworkEntry } from "./networks.ts";

type Written = LabSpec["externals"][number];

/** Numbers of externals begin here, so that they are not those of nodes and pods. */
const firstNumber = 100;

/** A network and what the file says of it. */
export interface Entered {
  readonly entry: NetworkEntry;
  readonly network: PodNetwork;
}

/** The hosts outside, with their cables and addresses. */
export function externalsOf(
  { spec }: LabFile,
  networks: readonly Entered[],
  nodes: readonly NodeSpec[],
  lans: readonly Lan[],
  issues: Issues,
): readonly ExternalSpec[] {
  return spec.externals.flatMap((written, at) => {
    const path = ["externals", at];
    const lan = written.lan === undefined ? lans[0] : lans.find(({ name }) => name === written.lan);
    if (lan === undefined) {
      const names = lans.map(({ name }) => name);
      issues.add([...path, "lan"], `there is no LAN "${written.lan ?? ""}"`, lanHint(written.lan ?? "", names));
      return [];
    }
    const here = networks.filter(({ network: { join } }) => join.kind === "l2" && join.lan === lan.name);
    const { name, number = firstNumber + at } = written;
    const mac = stableMac(`${spec.name}/${name}/${written.interface}`);
    const addrs = addressesOf({ ...written, number, mac }, lan, here, path, issues);
    return [
      {
        name,
        netns: `${spec.name}-${name}`,
        lan: lan.name,
        uplinks: uplinksOf(written, mac, lan, addrs),
        ...(written.gateway === undefined ? {} : { gateway: written.gateway }),
        via: viaOf(written, addrs, lan, here, nodes, path, issues),
      },
    ];
  });
}

function addressesOf(
  { name, number, mac, net, addresses }: Written & { readonly number: number; readonly mac: Mac },
  lan: Lan,
  here: readonly Entered[],
  path: Path,
  issues: Issues,
): readonly Prefix[] {
  if (addresses !== undefined) {
    const written = typeof addresses === "string" ? [addresses] : addresses;
    for (const own of written.filter(isBroadcast))
      issues.add(
        [...path, "addresses"],
        `${prefixIp(own)} of external ${name} is a broadcast address`,
        "take another one",
      );
    return written;
  }
  const [first] = here;
  try {
    const own =
      first === undefined
        ? addressesOn(lan, { number, mac })
        : hostOf(first.entry, "template", net ?? 0, number, net !== undefined);
    if (own.length > 0) return own;
    const hint = "give it addresses, or the LAN prefixes with room, or join pods to the LAN by l2";
    issues.add(path, `external ${name} has no address: LAN ${lan.name} gives number ${number} none`, hint);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    issues.addAtFirst(
      [[...path, "number"], [...path, "net"], path],
      `external ${name}: ${error.message}`,
      "take another number",
    );
  }
  return [];
}

function isBroadcast(prefix: Prefix): boolean {
  const network = networkOf(prefix);
  return (
    familyOf(prefix) === 4 && ipToBigInt(prefixIp(prefix)) - ipToBigInt(prefixIp(network)) === roomIn(network) + 1n
  );
}

/** Its cable to the LAN; to a VLAN, that to the LAN below and the VLAN on it. */
function uplinksOf({ name, interface: dev }: Written, mac: Mac, lan: Lan, addrs: readonly Prefix[]): readonly Uplink[] {
  const port = shortIfName(`${name}-${dev}`);
  if (lan.vlan === undefined) return [{ lan: lan.name, dev, port, mac, addrs }];
  const tagged = parseIfName(`${dev}.${lan.vlan.id}`);
  return [
    { lan: lan.vlan.on, dev, port, mac, addrs: [] },
    { lan: lan.name, dev: tagged, lower: dev, mac, addrs },
  ];
}

/** The gateway's addresses on the link: of its interface there, or of its bridge among the pods. */
function viaOf(
  { name, gateway }: Written,
  addrs: readonly Prefix[],
  lan: Lan,
  here: readonly Entered[],
  nodes: readonly NodeSpec[],
  path: Path,
  issues: Issues,
): ExternalSpec["via"] {
  if (gateway === undefined) return [];
  const at = [...path, "gateway"];
  const node = nodes.find((each) => each.name === gateway);
  const uplink = node?.uplinks.find((each) => each.lan === lan.name);
  if (uplink === undefined) {
    const near = nodes.filter(({ uplinks }) => uplinks.some((each) => each.lan === lan.name)).map((each) => each.name);
    const hint = near.length === 0 ? "no node is on it" : `the nodes there are ${near.join(", ")}`;
    issues.add(at, `there is no node ${gateway} on LAN ${lan.name}`, hint);
    return [];
  }
  const gateways = here.flatMap(({ network }) => network.nodes.find((each) => each.name === gateway)?.gateways ?? []);
  const offered = [...uplink.addrs, ...gateways].map(prefixIp);
  const via = addrs.flatMap((own) => offered.find((ip) => contains(own, ip)) ?? []);
  if (via.length === 0 && addrs.length > 0) {
    issues.add(
      at,
      `node ${gateway} has no address in ${addrs.join(" or ")} of external ${name}`,
      "take another gateway",
    );
  }
  return via;
}
