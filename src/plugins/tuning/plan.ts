import { type LinkFact, type LinkState, type Op } from "../../change/index.ts";
import { type Call, CniError, POD, type Result, codes } from "../../cni/index.ts";
import { differs } from "../_chained.ts";
import type { Saved } from "./saved.ts";
import type { SysctlWish, TuningConf } from "./schema.ts";

/** What tuning looks at before it acts. */
export interface TuningFacts {
  /** The container's interface; needed only if the interface is to be changed. */
  readonly link?: LinkFact;
  /** Values by file; `undefined` where the kernel has no such parameter. */
  readonly sysctls: ReadonlyMap<string, string | undefined>;
}

export interface TuningPlan {
  readonly ops: readonly Op[];
  /** The values that stood there before; absent if the interface stays as it is. */
  readonly saved?: Saved;
  readonly result: Result;
}

/** Is the interface to be changed, not only parameters? */
export function changesLink({ mac, promisc, mtu, txQueueLen, allmulti }: TuningConf): boolean {
  return [mac, promisc, mtu, txQueueLen, allmulti].some((wish) => wish !== undefined);
}

/** What ADD does: parameters first, then the interface. @throws {CniError} 102 for a parameter that the kernel has not */
export function planTuning(conf: TuningConf, call: Call, facts: TuningFacts, prev: Result): TuningPlan {
  const sysctls = conf.sysctls.map((wish): Op => ({ ...sysctlOp(wish, facts.sysctls.get(wish.file)) }));
  const { link } = facts;
  if (link === undefined || !changesLink(conf)) return { ops: sysctls, result: prev };
  const was = stateOf(link);
  const set = wishOf(conf);
  return {
    ops: [...sysctls, ...oneByOne(link, set, was)],
    saved: savedOf(pick(was, set), call.network),
    result: resultOf(prev, conf, call),
  };
}

function sysctlOp({ key, file, value, path }: SysctlWish, was: string | undefined): Op {
  if (was !== undefined) return { do: "sysctl.set", netns: POD, key: file, value, was };
  throw new CniError(
    codes.missing,
    `cannot set ${key}: the kernel has no such parameter in the container's namespace`,
    `at ${path}: check the spelling (/proc/sys/${file}), or load the kernel module that it belongs to`,
  );
}

/** The new state; the same keys as the old one that is saved. */
function wishOf({ mac, promisc, mtu, txQueueLen, allmulti }: TuningConf): LinkState {
  return {
    ...(mac !== undefined && { mac }),
    ...(promisc !== undefined && { promisc }),
    ...(mtu !== undefined && { mtu }),
    ...(allmulti !== undefined && { allmulti }),
    ...(txQueueLen !== undefined && { txQueueLen }),
  };
}

function stateOf({ mac, promisc = false, mtu, allmulti = false, txQueueLen }: LinkFact): LinkState {
  return { ...(mac !== undefined && { mac }), promisc, mtu, allmulti, ...(txQueueLen !== undefined && { txQueueLen }) };
}

/** Of `state` what `like` speaks of. */
function pick(state: LinkState, like: LinkState): LinkState {
  return Object.fromEntries(Object.entries(state).filter(([key]) => key in like));
}

function savedOf({ mac, promisc, mtu, allmulti, txQueueLen }: LinkState, network: string): Saved {
  return {
    ...(mac !== undefined && { mac }),
    ...(promisc !== undefined && { promisc }),
    ...(mtu !== undefined && { mtu }),
    ...(allmulti !== undefined && { allmulti }),
    ...(txQueueLen !== undefined && { txQLen: txQueueLen }),
    network,
  };
}

/** The interface's MAC address and, where it was told, its MTU are new. */
function resultOf(prev: Result, { mac, mtu }: TuningConf, { ifname }: Call): Result {
  if (prev.interfaces === undefined || (mac === undefined && mtu === undefined)) return prev;
  const interfaces = prev.interfaces.map((one) =>
    one.name === ifname
      ? { ...one, ...(mac !== undefined && { mac }), ...(mtu !== undefined && one.mtu !== undefined && { mtu }) }
      : one,
  );
  return { ...prev, interfaces };
}

/** What puts back the values that were saved, as far as they differ from what is. */
export function planRestore(saved: Saved, link: LinkFact): readonly Op[] {
  const was = stateOf(link);
  const { mac, promisc, mtu, allmulti, txQLen: txQueueLen } = saved;
  const back: LinkState = {
    ...(mac !== undefined && { mac }),
    ...(promisc !== undefined && { promisc }),
    ...(mtu !== undefined && { mtu }),
    ...(allmulti !== undefined && { allmulti }),
    ...(txQueueLen !== undefined && { txQueueLen }),
  };
  const changed = Object.entries(back).filter(([key, value]) => was[key as keyof LinkState] !== value);
  return oneByOne(link, Object.fromEntries(changed), was);
}

/** The kernel keeps what it has done of a change when it refuses the rest of it: so each is an op. */
function oneByOne({ name }: LinkFact, set: LinkState, was: LinkState): readonly Op[] {
  return Object.entries(set).map(([key, value]): Op => ({
    do: "link.set",
    netns: POD,
    name,
    set: { [key]: value },
    was: pick(was, { [key]: value }),
  }));
}

/** What CHECK finds first. @throws {CniError} 105 */
export function checkTuning(conf: TuningConf, { sysctls, link }: TuningFacts): void {
  for (const { key, file, value, path } of conf.sysctls) {
    const is = sysctls.get(file);
    if (is === undefined || words(is) !== words(value)) throw differs(key, is ?? "not there", value, path);
  }
  if (link === undefined) return;
  const is = stateOf(link);
  for (const [key, should] of Object.entries(wishOf(conf))) {
    const found = is[key as keyof LinkState];
    if (found !== should)
      throw differs(`${key} of ${link.name}`, JSON.stringify(found), JSON.stringify(should), configKey[key] ?? key);
  }
}

const configKey: Readonly<Record<string, string>> = { txQueueLen: "txQLen" };

/** A value as the kernel shows lists: `4096 87380` comes back with tabs. */
function words(value: string): string {
  return value.trim().replaceAll(/\s+/g, " ");
}
