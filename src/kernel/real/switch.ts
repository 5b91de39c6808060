import { existsSync, rmSync } from "node:fs";
import type { NetnsName, OpOf, SwitchFacts } from "../../change/index.ts";
import { NETLINK_GENERIC, NetlinkSocket, getFamily } from "../../netlink/index.ts";
import { holdersOf } from "../../netns/index.ts";
import {
  type Datapath,
  OvsdbClient,
  OvsdbError,
  PATIENCE_MS,
  complaintsIn,
  daemonsIn,
  deviceOf,
  programs,
  puttingSwitch,
  readSwitch,
  socketIn,
  startDaemons,
  stoppingDaemons,
} from "../../ovsdb/index.ts";
import { getLink } from "../../rtnl/index.ts";
import { inside } from "../../sys/index.ts";
import { OpError } from "../error.ts";
import type { SwitchAt } from "../port.ts";
import type { Places } from "./places.ts";
import type { SwitchOp } from "./requests.ts";
import type { Sessions } from "./session.ts";

/** Does op `at` of a run, of which `done` are done. @throws {OpError} `unsupported` without Open vSwitch */
export function runStart(op: OpOf<"ovs.start">, places: Places, at: number, done: ReadonlySet<number>): void {
  try {
    start(op, places);
  } catch (error) {
    throw explained(error, op, at, done);
  }
}

/** What switches do side by side. */
export type SideOp = OpOf<"ovs.put" | "ovs.stop">;

/** Switches that are told at a time: each acts while the others are told, and most of that is waiting for the kernel. */
const AT_ONCE = 8;

/** The first op that was refused, and why. */
interface Failed {
  readonly at: number;
  readonly error: unknown;
}

/** Does the ops from `at` on, each of another switch, side by side; adds those that are done, and answers the first that is not. */
export function runSideBySide(
  ops: readonly SideOp[],
  sessions: Sessions,
  places: Places,
  at: number,
  done: Set<number>,
): Failed | undefined {
  for (let from = 0; from < ops.length; from += AT_ONCE) {
    const some = ops.slice(from, from + AT_ONCE);
    const patienceMs = PATIENCE_MS * some.length;
    const steps = some.map((op) =>
      op.do === "ovs.put" ? putting(op, sessions, places, patienceMs) : stopping(op.netns, op.folder),
    );
    const failures = lead(steps, (i) => done.add(at + from + i));
    for (const [i, op] of some.entries()) {
      if (!failures.has(i)) continue;
      const index = at + from + i;
      return { at: index, error: explained(failures.get(i), op, index, done) };
    }
  }
  return undefined;
}

/** Leads all of them to their end, step by step in turn, whatever becomes of one: what is half done could not be undone. */
function lead(all: readonly Generator<undefined, void>[], after: (i: number) => void): ReadonlyMap<number, unknown> {
  const failures = new Map<number, unknown>();
  for (let going = [...all.entries()]; going.length > 0;) {
    going = going.filter(([i, steps]) => {
      try {
        if (steps.next().done !== true) return true;
        after(i);
      } catch (error) {
        failures.set(i, error);
      }
      return false;
    });
  }
  return failures;
}

function* putting(
  { netns, folder, owner, bridges, again }: OpOf<"ovs.put">,
  sessions: Sessions,
  places: Places,
  patienceMs: number,
): Generator<undefined, void> {
  using client = new OvsdbClient(socketIn(folder), { timeoutMs: patienceMs + ANSWER_MS });
  yield* puttingSwitch(client, owner, bridges, {
    datapath: () => datapathHere(places, netns),
    deviceOf: (name) => {
      const link = sessions.in(netns).socket.ask(getLink({ name }));
      return link === undefined ? undefined : deviceOf(link);
    },
    complaints: () => complaintsIn(folder),
    patienceMs,
    ...(again !== undefined && { again }),
  });
  // It made or took away devices.
  sessions.in(netns).forgetAll();
}

/** What a database may take beyond the wait that it was asked for. */
const ANSWER_MS = 5000;

function explained(error: unknown, op: SwitchOp, at: number, done: ReadonlySet<number>): unknown {
  if (!(error instanceof OvsdbError)) return error;
  const code = error.code === "missing" ? "unsupported" : "refused";
  return new OpError(code, at, op, error.message, { cause: error, done: [...done] });
}

/** A new switch that does not start leaves neither the daemon that did nor files. */
function start({ netns, folder }: OpOf<"ovs.start">, places: Places): void {
  const isNew = !existsSync(folder);
  using fd = places.open(netns);
  try {
    startDaemons(folder, (begin) => inside(fd, begin as never));
  } catch (error) {
    if (isNew) for (const _ of stopping(netns, folder));
    throw error;
  }
}

function* stopping(netns: NetnsName, folder: string): Generator<undefined, void> {
  const holders = holdersOf([netns]).map(({ pid }) => pid);
  yield* stoppingDaemons(folder, holders);
  rmSync(folder, { recursive: true, force: true });
}

/** The kernel's datapath is the faster one, and few kernels come without; only it knows. */
function datapathHere(places: Places, netns: string): Datapath {
  using fd = places.open(netns);
  using socket = inside(fd, () => new NetlinkSocket(NETLINK_GENERIC));
  return socket.batch([getFamily("ovs_datapath")])[0] === undefined ? "system" : "netdev";
}

/** A switch as it is; nothing where none was started. */
export function readSwitchFacts({ folder, owner }: SwitchAt): SwitchFacts | undefined {
  if (!existsSync(folder)) return undefined;
  if (daemonsIn(folder).length < programs.length) return { folder };
  try {
    using client = new OvsdbClient(socketIn(folder));
    return { folder, bridges: readSwitch(client, owner) };
  } catch (error) {
    // It ends or begins at this moment: as good as not there.
    if (error instanceof OvsdbError && (error.code === "unreachable" || error.code === "closed")) return { folder };
    throw error;
  }
}
