import { type BridgeRow, readInterfaces, readRows } from "./_rows.ts";
import { transactionsOf } from "./_transaction.ts";
import type { OvsdbClient } from "./client.ts";
import { integer } from "./column.ts";
import { OvsdbError } from "./error.ts";
import type { Operation } from "./operation.ts";
import { type BridgeFact, type BridgeSpec, type Datapath, type SwitchChange, switchChanges } from "./switch.ts";
import { fromNotation } from "./value.ts";

/** What of the running system a switch's ports are compared with. */
export interface Surroundings {
  /** For bridges that do not say: asked only when one is made. */
  readonly datapath: () => Datapath;
  /** Which device of the switch's namespace has the name, as `deviceOf` tells; nothing where there is none. */
  readonly deviceOf: (name: string) => string | undefined;
  /** What the daemon complains of: asked only where the database gives no reason. */
  readonly complaints?: () => string | undefined;
  /** Ports that are to be made anew in any case. */
  readonly again?: readonly string[];
  /** How long ovs-vswitchd may take to do what the database says; more where others are busy beside it. */
  readonly patienceMs?: number;
}

/** How often a change is worked out anew because somebody else was quicker. */
const TRIES = 5;
/** How long an ovs-vswitchd that is alone may take. */
export const PATIENCE_MS = 10_000;
/** OpenFlow 1.0, OFPP_LOCAL: a bridge's own device. */
const LOCAL = 65_534;

/** The bridges that carry the owner's name, with the ports that do. @throws {OvsdbError} */
export function readSwitch(client: OvsdbClient, owner: string): readonly BridgeFact[] {
  return readRows(client).flatMap((row) => (row.owner === owner ? [row.fact] : []));
}

/**
 * The owner has these bridges with these ports, and no others; those of other owners stay as they are. Waits until ovs-vswitchd has
 * done it. Answers what was changed: nothing, the second time.
 * @throws {OvsdbError} `refused` for a port that does not work or a name that somebody else has
 */
export function putSwitch(
  client: OvsdbClient,
  owner: string,
  wanted: readonly BridgeSpec[],
  surroundings: Surroundings,
): readonly SwitchChange[] {
  const steps = puttingSwitch(client, owner, wanted, surroundings);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** {@link putSwitch} that halts each time ovs-vswitchd has something to do: going on waits for it. */
export function* puttingSwitch(
  client: OvsdbClient,
  owner: string,
  wanted: readonly BridgeSpec[],
  surroundings: Surroundings,
): Generator<undefined, readonly SwitchChange[]> {
  const { again = [], patienceMs = PATIENCE_MS } = surroundings;
  for (let left = TRIES; ; left--) {
    const rows = readRows(client);
    refuseForeign(rows, owner, wanted);
    const own = rows.flatMap((row) => (row.owner === owner ? [row.fact] : []));
    const changes = switchChanges(own, wanted, ({ name, device, error }) => {
      return error !== undefined || again.includes(name) || device !== surroundings.deviceOf(name);
    }).map((change) => withDatapath(change, surroundings));
    try {
      for (const operations of transactionsOf(changes, rows, owner, surroundings.deviceOf)) {
        const next = commit(client, operations);
        yield;
        waitFor(client, next, patienceMs);
      }
    } catch (error) {
      if (left > 0 && isOvertaken(error)) continue;
      throw error;
    }
    if (changes.length > 0) judge(client, wanted, surroundings);
    return changes;
  }
}

function withDatapath(change: SwitchChange, { datapath }: Surroundings): SwitchChange {
  if (change.do !== "bridge.add" || change.bridge.datapath !== undefined) return change;
  return { ...change, bridge: { ...change.bridge, datapath: datapath() } };
}

function refuseForeign(rows: readonly BridgeRow[], owner: string, wanted: readonly BridgeSpec[]): void {
  const names = new Set(wanted.flatMap(({ name, ports }) => [name, ...ports.map((port) => port.name)]));
  for (const row of rows) {
    for (const [name, port] of row.ports) {
      if (!names.has(name) || port.owner === owner) continue;
      const whose = port.owner === undefined ? "was not made by netloom" : `belongs to ${port.owner}`;
      throw new OvsdbError(
        "refused",
        `port ${name} is in bridge ${row.fact.name} already and ${whose}; take it out by 'ovs-vsctl del-port ${name}' if nobody needs it`,
        { table: "Port", column: "name" },
      );
    }
  }
}

/** A guard that did not hold, or a row that somebody else made at the same time. */
function isOvertaken(error: unknown): boolean {
  return (
    error instanceof OvsdbError &&
    (error.reason === "timed out" || error.reason === "constraint violation") &&
    error.table !== SWITCH
  );
}

const SWITCH = "Open_vSwitch";

/** Does it in the database, and answers the `next_cfg` of it. */
function commit(client: OvsdbClient, operations: readonly Operation[]): number {
  const results = client.transact([
    ...operations,
    { op: "mutate", table: SWITCH, where: [], mutations: [["next_cfg", "+=", 1]] },
    { op: "select", table: SWITCH, where: [], columns: ["next_cfg"] },
  ]);
  const cell = results.at(-1)?.rows?.[0]?.["next_cfg"];
  const next = cell === undefined ? undefined : integer.read(fromNotation(cell));
  if (next === undefined)
    throw new OvsdbError("protocol", "the database has no next_cfg", { table: SWITCH, column: "next_cfg" });
  return next;
}

/** Waits until ovs-vswitchd has done so too: it counts `cur_cfg` up to the `next_cfg` that it has seen. */
function waitFor(client: OvsdbClient, next: number, patienceMs: number): void {
  try {
    client.transact([
      {
        op: "wait",
        table: SWITCH,
        where: [["cur_cfg", "<", next]],
        columns: ["cur_cfg"],
        rows: [],
        timeout: patienceMs,
      },
    ]);
  } catch (error) {
    if (!(error instanceof OvsdbError) || error.reason !== "timed out") throw error;
    throw new OvsdbError("silent", `ovs-vswitchd did not act within ${patienceMs / 1000} s; its log says why`, {
      cause: error,
    });
  }
}

/** `ofport` tells whether a port works; a bridge whose datapath is not there has none and no error either. */
function judge(client: OvsdbClient, wanted: readonly BridgeSpec[], { complaints }: Surroundings): void {
  const unsaid = (): string => {
    const log = complaints?.();
    return `it does not work, and ${log === undefined ? "Open vSwitch did not say why" : `ovs-vswitchd says: ${log}`}`;
  };
  const there = readInterfaces(client);
  for (const bridge of wanted) {
    const local = there.get(bridge.name);
    if (local?.ofport !== LOCAL) {
      throw refused(`bridge ${bridge.name}: ${local?.error ?? unsaid()}`, "ofport");
    }
    for (const { name } of bridge.ports) {
      const port = there.get(name);
      if (port?.error === null && (port.ofport ?? 0) > 0) continue;
      throw refused(`port ${name} of bridge ${bridge.name}: ${port?.error ?? unsaid()}`, "error");
    }
  }
}

const refused = (message: string, column: string): OvsdbError =>
  new OvsdbError("refused", message, { table: "Interface", column });
