import type { BridgeRow } from "./_rows.ts";
import { DEVICE, OWNER } from "./_rows.ts";
import type { Operation } from "./operation.ts";
import type { BridgeSpec, PortSpec, SwitchChange } from "./switch.ts";
import type { NamedUuid, Uuid, Value } from "./value.ts";

type Bridge = Omit<BridgeSpec, "ports">;

/**
 * The transactions that make the changes. What goes is one of its own: in the same, a port that goes and comes again is, to
 * ovs-vswitchd, one that stays.
 */
export function transactionsOf(
  changes: readonly SwitchChange[],
  rows: readonly BridgeRow[],
  owner: string,
  deviceOf: (name: string) => string | undefined,
): readonly (readonly Operation[])[] {
  const writer = new Writer(rows, owner, deviceOf);
  const gone = changes.flatMap((change) => writer.deletion(change));
  const made = changes.flatMap((change) => writer.making(change));
  return [gone, [...made, ...writer.memberships()]].filter((operations) => operations.length > 0);
}

class Writer {
  readonly #rows: ReadonlyMap<string, BridgeRow>;
  readonly #owner: string;
  /** Names of rows in this transaction. They never follow from a port's name, which may be no `<id>`. */
  #names = 0;
  readonly #newBridges: NamedUuid[] = [];
  readonly #newPorts = new Map<string, NamedUuid[]>();

  readonly #deviceOf: (name: string) => string | undefined;

  constructor(rows: readonly BridgeRow[], owner: string, deviceOf: (name: string) => string | undefined) {
    this.#deviceOf = deviceOf;
    this.#rows = new Map(rows.map((row) => [row.fact.name, row]));
    this.#owner = owner;
  }

  deletion(change: SwitchChange): Operation[] {
    switch (change.do) {
      case "bridge.delete": {
        const row = this.#rows.get(change.name);
        // Ports and interfaces that nothing refers to go by themselves (RFC 7047, section 3.2, `isRoot`).
        return row === undefined ? [] : [mutate("Open_vSwitch", [], "bridges", "delete", [row.uuid])];
      }
      case "port.delete":
        return this.#takeOut(change.bridge, change.name);
      case "port.add":
        return change.again === true ? this.#takeOut(change.bridge, change.port.name) : [];
      default:
        return [];
    }
  }

  #takeOut(bridge: string, port: string): Operation[] {
    const uuid = this.#rows.get(bridge)?.ports.get(port)?.uuid;
    return uuid === undefined ? [] : [mutate("Bridge", [["name", "==", bridge]], "ports", "delete", [uuid])];
  }

  making(change: SwitchChange): Operation[] {
    switch (change.do) {
      case "bridge.add":
        return this.#addBridge(change.bridge);
      case "bridge.set":
        return this.#setBridge(change.bridge);
      case "port.add":
        return this.#addPort(change.bridge, change.port);
      case "port.set": {
        const row = { tag: atMost(change.port.tag), trunks: new Set(change.port.trunks) };
        return [{ op: "update", table: "Port", where: [["name", "==", change.port.name]], row }];
      }
      case "bridge.delete":
      case "port.delete":
        return [];
      default:
        return change satisfies never;
    }
  }

  /** New bridges become the switch's, new ports their bridges', new ones too. */
  memberships(): Operation[] {
    const bridges = this.#newBridges;
    return [
      ...(bridges.length === 0 ? [] : [mutate("Open_vSwitch", [], "bridges", "insert", bridges)]),
      ...[...this.#newPorts].map(([bridge, ports]) =>
        mutate("Bridge", [["name", "==", bridge]], "ports", "insert", ports),
      ),
    ];
  }

  #addBridge(bridge: Bridge): Operation[] {
    const { name, mtu } = bridge;
    const device = this.#next();
    const port = this.#next();
    const row = this.#next();
    this.#newBridges.push(row);
    const type = { type: "internal", ...(mtu !== undefined && { mtu_request: mtu }) };
    return [
      absent("Bridge", name),
      absent("Interface", name),
      { op: "insert", table: "Interface", name: device, row: { name, ...type, ...this.#tag() } },
      { op: "insert", table: "Port", name: port, row: { name, interfaces: device, ...this.#tag() } },
      {
        op: "insert",
        table: "Bridge",
        name: row,
        row: { name, ports: port, ...settingsOf(bridge), ...this.#tag() },
      },
    ];
  }

  #setBridge(bridge: Bridge): Operation[] {
    const { name, mtu } = bridge;
    const settings: Operation = {
      op: "update",
      table: "Bridge",
      where: [["name", "==", name]],
      row: settingsOf(bridge),
    };
    if (mtu === undefined) return [settings];
    return [settings, { op: "update", table: "Interface", where: [["name", "==", name]], row: { mtu_request: mtu } }];
  }

  #addPort(bridge: string, { name, tag, trunks }: PortSpec): Operation[] {
    const device = this.#next();
    const port = this.#next();
    const list = this.#newPorts.get(bridge);
    if (list === undefined) this.#newPorts.set(bridge, [port]);
    else list.push(port);
    const vlans = { ...(tag !== undefined && { tag }), ...(trunks !== undefined && { trunks: new Set(trunks) }) };
    return [
      absent("Interface", name),
      { op: "insert", table: "Interface", name: device, row: { name, ...this.#tag(this.#deviceOf(name)) } },
      { op: "insert", table: "Port", name: port, row: { name, interfaces: device, ...vlans, ...this.#tag() } },
    ];
  }

  #next(): NamedUuid {
    return { named: `row${this.#names++}` };
  }

  #tag(device?: string): { readonly external_ids: Value } {
    return {
      external_ids: new Map([[OWNER, this.#owner], ...(device === undefined ? [] : [[DEVICE, device] as const])]),
    };
  }
}

function settingsOf({ datapath, failMode = "standalone", mac }: Bridge): Readonly<Record<string, Value>> {
  return {
    fail_mode: failMode,
    ...(datapath !== undefined && { datapath_type: datapath }),
    ...(mac !== undefined && { other_config: new Map([["hwaddr", mac]]) }),
  };
}

const atMost = (value: number | undefined): Value => (value === undefined ? new Set() : value);

/** Refuses the transaction where somebody has made such a row since we looked. */
function absent(table: string, name: string): Operation {
  return { op: "wait", table, where: [["name", "==", name]], columns: ["name"], rows: [], timeout: 0 };
}

function mutate(
  table: string,
  where: Extract<Operation, { readonly op: "mutate" }>["where"],
  column: string,
  how: "insert" | "delete",
  rows: readonly (Uuid | NamedUuid)[],
): Operation {
  return { op: "mutate", table, where, mutations: [[column, how, new Set(rows)]] };
}
