import type { OvsdbClient } from "./client.ts";
import { type Columns, type Row, integer, optional, readRow, setOf, text, texts, uuid } from "./column.ts";
import type { BridgeFact, PortFact } from "./switch.ts";
import type { Uuid } from "./value.ts";

/** What is read of the tables of the Open_vSwitch schema (ovs-vswitchd.conf.db(5)). */
const bridgeColumns = {
  _uuid: uuid,
  name: text,
  datapath_type: text,
  fail_mode: optional(text),
  other_config: texts,
  external_ids: texts,
  ports: setOf(uuid),
};
const portColumns = {
  _uuid: uuid,
  name: text,
  tag: optional(integer),
  trunks: setOf(integer),
  external_ids: texts,
  interfaces: setOf(uuid),
};
const interfaceColumns = {
  _uuid: uuid,
  name: text,
  ofport: optional(integer),
  error: optional(text),
  external_ids: texts,
  mtu_request: optional(integer),
};

type PortRow = Row<typeof portColumns>;
type InterfaceRow = Row<typeof interfaceColumns>;

/** A bridge of the database, whoever made it. */
export interface BridgeRow {
  readonly uuid: Uuid;
  readonly owner: string | undefined;
  readonly fact: BridgeFact;
  /** Its own device's port, which it is born with, and those of others too. */
  readonly ports: ReadonlyMap<string, PortPlace>;
}

export interface PortPlace {
  readonly uuid: Uuid;
  readonly owner: string | undefined;
}

/** The key in `external_ids` that says whose a row is. */
export const OWNER = "owner";

/**
 * The key in an interface's `external_ids` that says which device it was made for. Its column `ifindex` does not: that follows the
 * name, while ovs-vswitchd goes on with the device that it opened.
 */
export const DEVICE = "device";

/** All bridges with their ports, read in one transaction. */
export function readRows(client: OvsdbClient): readonly BridgeRow[] {
  const [bridges, ports, interfaces] = readTables(client, [
    ["Bridge", bridgeColumns],
    ["Port", portColumns],
    ["Interface", interfaceColumns],
  ]);
  const portOf = byUuid(ports);
  const interfaceOf = byUuid(interfaces);
  return bridges.map((row) => {
    // A set has no order of its own.
    const own = row.ports.flatMap(({ uuid: id }) => portOf.get(id) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
    const owner = row.external_ids[OWNER];
    const local = own.find(({ name }) => name === row.name)?.interfaces[0];
    const { mtu_request: mtu } = (local && interfaceOf.get(local.uuid)) ?? { mtu_request: null };
    const { hwaddr: mac } = row.other_config;
    return {
      uuid: row._uuid,
      owner,
      ports: new Map(own.map((port) => [port.name, { uuid: port._uuid, owner: port.external_ids[OWNER] }])),
      fact: {
        name: row.name,
        datapath: row.datapath_type === "netdev" ? "netdev" : "system",
        ...((row.fail_mode === "secure" || row.fail_mode === "standalone") && { failMode: row.fail_mode }),
        ...(mac !== undefined && { mac }),
        ...(mtu !== null && { mtu }),
        ports: own
          .filter((port) => port.name !== row.name && port.external_ids[OWNER] === owner)
          .map((port) => portFact(port, port.interfaces[0] && interfaceOf.get(port.interfaces[0].uuid))),
      },
    };
  });
}

function portFact({ name, tag, trunks }: PortRow, device: InterfaceRow | undefined): PortFact {
  const { ofport = null, error = null, external_ids: ids = {} } = device ?? {};
  const { [DEVICE]: madeFor } = ids;
  return {
    name,
    ...(tag !== null && { tag }),
    ...(trunks.length > 0 && { trunks }),
    ...(ofport !== null && ofport > 0 && { ofport }),
    ...(error !== null && { error }),
    ...(madeFor !== undefined && { device: madeFor }),
  };
}

const byUuid = <R extends { readonly _uuid: Uuid }>(rows: readonly R[]): ReadonlyMap<string, R> =>
  new Map(rows.map((row) => [row._uuid.uuid, row]));

type Tables = readonly (readonly [table: string, columns: Columns])[];

/** Rows of several tables at one moment. `_uuid` is among the columns: equal rows would come once without it. */
function readTables<const T extends Tables>(
  client: OvsdbClient,
  tables: T,
): { readonly [I in keyof T]: readonly Row<T[I][1]>[] } {
  const results = client.transact(
    tables.map(([table, columns]) => ({ op: "select", table, where: [], columns: Object.keys(columns) })),
  );
  return tables.map(([table, columns], i) =>
    (results[i]?.rows ?? []).map((row) => readRow(table, columns, row)),
  ) as never;
}

/** Interfaces by name: how those that shall work do. */
export function readInterfaces(client: OvsdbClient): ReadonlyMap<string, InterfaceRow> {
  const [rows] = readTables(client, [["Interface", interfaceColumns]]);
  return new Map(rows.map((row) => [row.name, row]));
}
