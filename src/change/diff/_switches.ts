import { bridgeSpecOf, deviceOf, switchChanges } from "../../ovsdb/switch.ts";
import type { LinkKind } from "../../rtnl/index.ts";
import type { Facts, LinkFact, NetnsFacts } from "../facts.ts";
import type { Order } from "../order.ts";
import type { LinkWish, NetnsWish, SwitchWish } from "../wish.ts";
import { type IfName, parseIfName } from "../../values/index.ts";
import { linkSpecOf } from "./_link-spec.ts";
import { Present } from "./_present.ts";
import type { Scene } from "./_scene.ts";

/** Switches that are not wished, or whose namespaces go. What they hold is free then. */
export function stopSwitches({ owner, places, gone }: Scene, facts: Facts, order: Order): void {
  for (const [netns, { ovs }] of facts) {
    if (ovs === undefined || places.get(netns)?.wish.ovs !== undefined) continue;
    if (!places.has(netns) && !gone.has(netns)) continue;
    const { folder, bridges = [] } = ovs;
    // A namespace takes all with it; where it stays the switch takes its devices away itself.
    if (bridges.length > 0 && places.has(netns)) {
      const was = bridges.map(bridgeSpecOf);
      order.wide("switchesGone", { do: "ovs.put", netns, folder, owner, bridges: [], was });
    }
    order.wide("switchesGone", { do: "ovs.stop", netns, folder });
  }
}

/** Links that have the names of bridges and are none of the switch's make room. */
export function clearForSwitches({ places }: Scene, facts: Facts, order: Order): void {
  for (const [netns, { wish }] of places) {
    const there = wish.ovs === undefined ? undefined : facts.get(netns);
    if (there === undefined) continue;
    const names = new Set<string>(wish.ovs?.bridges.map(({ name }) => name));
    for (const fact of there.links) {
      const { name, kind } = fact;
      if (!names.has(name) || isDevice(fact)) continue;
      const lost = new Present(there).loseLink(name, false);
      const why = `is ${kind}, shall be a bridge of Open vSwitch`;
      order.wide("linksGone", { do: "link.delete", netns, name, was: linkSpecOf(fact, {}), lost, why });
    }
  }
}

/** Starts switches that do not run, and lets those have their bridges and ports that have not, once all links are there. */
export function putSwitches({ owner, places }: Scene, facts: Facts, order: Order): void {
  for (const [netns, place] of places) {
    const { ovs } = place.wish;
    if (ovs === undefined) continue;
    const there = facts.get(netns)?.ovs;
    const { folder } = ovs;
    const runs = there?.bridges !== undefined;
    if (!runs) order.wide("switches", { do: "ovs.start", netns, folder });
    const known = there?.bridges ?? [];
    const bridges = ovs.bridges.map(({ device: _, ...bridge }) => bridge);
    const again: string[] = [];
    const changes = switchChanges(known, bridges, ({ name, device, error }) => {
      const link = place.present.links.get(parseIfName(name))?.fact;
      const isStale = error !== undefined || link === undefined || deviceOf(link) !== device;
      if (isStale) again.push(name);
      return isStale;
    });
    // Of a switch that does not run nobody knows what is in it.
    if (runs && changes.length === 0) continue;
    order.wide("switchPorts", {
      do: "ovs.put",
      netns,
      folder,
      owner,
      bridges,
      ...(again.length > 0 && { again }),
      ...(known.length > 0 && { was: known.map(bridgeSpecOf) }),
    });
  }
}

/** Devices that Open vSwitch makes for itself: of the userspace datapath, and of the kernel's. */
const datapathDevices: ReadonlySet<string> = new Set(["ovs-netdev", "ovs-system"]);

/**
 * A namespace with a switch as diff shall see it: bridges' own devices as links that are always there, of which only state and
 * addresses are compared, and no others that the switch made; nor that the kernel's datapath is the master of its ports.
 */
export function withSwitch(
  wish: NetnsWish,
  facts: NetnsFacts,
): { readonly wish: NetnsWish; readonly facts: NetnsFacts } {
  const { ovs } = wish;
  // What a switch that has died left behind is swept up as anything that is not wished.
  if (ovs === undefined && facts.ovs?.bridges === undefined) return { wish, facts };
  const wanted = new Map(devicesOf(ovs).map((link) => [link.spec.name, link]));
  const going = new Set<string>(facts.ovs?.bridges?.map(({ name }) => name));
  const isHidden = ({ name }: LinkFact): boolean => datapathDevices.has(name) || going.has(name);
  const links = facts.links
    .filter((link) => (wanted.has(link.name) ? isDevice(link) : !isHidden(link)))
    .map((link) => (datapathDevices.has(link.master ?? "") ? withoutMaster(link) : link));
  const there = new Map(links.map((link) => [link.name, link]));
  const devices = [...wanted.values()].map(({ spec, ...link }): LinkWish => {
    // It is of whatever kind the datapath makes, and never made by us.
    const kind = (there.get(spec.name)?.kind ?? NEW) as LinkKind;
    return { ...link, spec: { ...spec, kind } as LinkWish["spec"] };
  });
  const missing = devices.flatMap(({ spec: { name } }) => (there.has(name) ? [] : [bare(name)]));
  return { wish: { ...wish, links: [...devices, ...wish.links] }, facts: { ...facts, links: [...links, ...missing] } };
}

const NEW: LinkKind = "tun";

/** The userspace datapath makes taps, the kernel's a kind of its own. */
const isDevice = ({ kind }: LinkFact): boolean => kind === "tun" || kind === "openvswitch";

function devicesOf(ovs: SwitchWish | undefined): readonly LinkWish[] {
  return (ovs?.bridges ?? []).flatMap(({ name, device }) => {
    const { state = {}, addrs } = device ?? {};
    return [{ spec: { name, kind: NEW, ...state }, ...(addrs !== undefined && { addrs }) }];
  });
}

/** As a switch makes it. */
function bare(name: IfName): LinkFact {
  return { name, kind: NEW, up: false, carrier: false, operState: "down", mtu: 1500, index: 0, addrs: [] };
}

function withoutMaster({ master: _, ...link }: LinkFact): LinkFact {
  return link;
}
