import { NETLINK_GENERIC, NetlinkError, NetlinkSocket, getFamily } from "../../netlink/index.ts";
import { addLink, delLink, getLink, putQdisc, putRoute, setLink } from "../../rtnl/index.ts";
import { CLONE, SysError, enterNew, excursion, makeTun } from "../../sys/index.ts";
import { parseIp, parsePrefix } from "../../values/index.ts";
import { linkTrials, qdiscTrials } from "./devices.ts";

/** What became of a trial: it worked, or the errno name and the kernel's words. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly code: string; readonly words: string };

/** Outcomes by id: `namespaces` first, then `link.…`, `qdisc.…`, `bridge.vlan-filtering`, `route.encap`, `ovs.…`. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/**
 * Tries everything, or what is wanted, in a namespace of its own, which is gone afterwards. Where none can be made nothing else is
 * tried.
 */
export function tryAll(isWanted: (id: string) => boolean = () => true): Outcomes {
  const outcomes = new Map<string, Outcome>();
  const attemptAs = (id: string, action: () => void): void => {
    if (isWanted(id)) outcomes.set(id, attempt(action));
  };
  try {
    excursion(() => {
      enterNew(CLONE.NEWNET | CLONE.NEWUTS);
      outcomes.set("namespaces", { ok: true });
      using socket = new NetlinkSocket();
      tryLinks(socket, attemptAs);
      tryQdiscs(socket, attemptAs);
      attemptAs("bridge.vlan-filtering", () => tryVlanFiltering(socket));
      attemptAs("route.encap", () => tryEncap(socket));
      attemptAs("ovs.datapath", tryDatapath);
      attemptAs("ovs.tap", tryTap);
    });
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    outcomes.set(outcomes.has("namespaces") ? "socket" : "namespaces", outcomeOf(error));
  }
  return outcomes;
}

const LOWER = "lower0";

type AttemptAs = (id: string, action: () => void) => void;

function tryLinks(socket: NetlinkSocket, attemptAs: AttemptAs): void {
  const made = attempt(() => socket.run(addLink({ kind: "veth", name: LOWER, peer: { name: "lower1" } })));
  const lower = made.ok ? (socket.ask(getLink({ name: LOWER }))?.index ?? 1) : 1;
  for (const { id, make } of linkTrials) {
    attemptAs(`link.${id}`, () => {
      socket.run(addLink(make(lower)));
      attempt(() => socket.run(delLink({ name: make(lower).name })));
    });
  }
}

function tryQdiscs(socket: NetlinkSocket, attemptAs: AttemptAs): void {
  const index = socket.ask(getLink({ name: LOWER }))?.index ?? 1;
  for (const { options } of qdiscTrials)
    attemptAs(`qdisc.${options.kind}`, () => socket.run(putQdisc({ index, ...options })));
}

/** A kernel without it takes the wish and does not keep it, so it is read back. */
function tryVlanFiltering(socket: NetlinkSocket): void {
  socket.run(addLink({ kind: "bridge", name: "trial0", data: { vlanFiltering: true } }));
  const link = socket.ask(getLink({ name: "trial0" }));
  const on = link?.kind === "bridge" && link.data?.vlanFiltering === true;
  if (!on) throw new SysError("netlink", 95, "filter VLANs on a bridge");
}

/** A route whose packets are given their tunnel's ends (`ip route … encap`). */
function tryEncap(socket: NetlinkSocket): void {
  socket.run(setLink({ name: LOWER }, { up: true }));
  const oif = socket.ask(getLink({ name: LOWER }))?.index ?? 1;
  const [dst, end] = [parsePrefix("2001:db8::/32"), parseIp("2001:db8::1")];
  socket.run(putRoute({ dst, oif, encap: { type: "ip6", id: 0n, dst: end } }));
}

/** The kernel loads its module when the family of messages is asked for. */
function tryDatapath(): void {
  using socket = new NetlinkSocket(NETLINK_GENERIC);
  socket.run(getFamily("ovs_datapath"));
}

/** What a datapath in user space is cabled by; gone with the namespace. */
function tryTap(): void {
  makeTun({ name: "tap0", mode: "tap" });
}

function attempt(action: () => void): Outcome {
  try {
    action();
    return { ok: true };
  } catch (error) {
    return outcomeOf(error);
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof NetlinkError || error instanceof SysError) {
    return { ok: false, code: error.code, words: error.message.replace(`${error.doing}: `, "") };
  }
  throw error;
}
