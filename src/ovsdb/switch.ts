/** Who forwards a bridge's frames: the kernel's module (`system`), or ovs-vswitchd itself (`netdev`). */
export type Datapath = "system" | "netdev";

/** A bridge as it shall be. What is absent is left to Open vSwitch and not compared, but for `failMode`. */
export interface BridgeSpec {
  readonly name: string;
  /** Absent: what the kernel can do. */
  readonly datapath?: Datapath;
  /** What it does without a controller; absent is `standalone`: it learns addresses as any switch. */
  readonly failMode?: "standalone" | "secure";
  /** Hardware address of the bridge's own device. */
  readonly mac?: string;
  /** Bytes; of the bridge's own device, which otherwise follows its ports. */
  readonly mtu?: number;
  readonly ports: readonly PortSpec[];
}

/** A link of the namespace that is a port of a bridge. */
export interface PortSpec {
  readonly name: string;
  /** Access port of this VLAN, 0 to 4095: frames leave without a tag. */
  readonly tag?: number;
  /** Trunk of these VLANs; absent without `tag` is a trunk of all. */
  readonly trunks?: readonly number[];
}

/** A bridge as it is. */
export interface BridgeFact extends BridgeSpec {
  readonly datapath: Datapath;
  readonly ports: readonly PortFact[];
}

export interface PortFact extends PortSpec {
  /** Which device it was made for, as {@link deviceOf} tells; another one by that name now is not what the port sends to. */
  readonly device?: string;
  /** OpenFlow port number; absent where the port does not work. */
  readonly ofport?: number;
  /** Why it does not work. */
  readonly error?: string;
}

/** What tells a device from another that had the name before it: numbers are given again, and so are addresses, but rarely both. */
export const deviceOf = ({ index, mac = "" }: { readonly index: number; readonly mac?: string }): string =>
  `${index} ${mac}`.trimEnd();

/** One difference between what is there and what shall be. */
export type SwitchChange =
  | { readonly do: "bridge.add"; readonly bridge: Omit<BridgeSpec, "ports"> }
  | { readonly do: "bridge.set"; readonly bridge: Omit<BridgeSpec, "ports">; readonly was: Omit<BridgeSpec, "ports"> }
  | { readonly do: "bridge.delete"; readonly name: string }
  /** `again`: it is there, on a device that is no more. */
  | { readonly do: "port.add"; readonly bridge: string; readonly port: PortSpec; readonly again?: boolean }
  | { readonly do: "port.set"; readonly bridge: string; readonly port: PortSpec; readonly was: PortSpec }
  | { readonly do: "port.delete"; readonly bridge: string; readonly name: string };

/**
 * What is to be done, deletions first; nothing where all is as it shall be. `there`: facts, or what an earlier wish said.
 * `isStale`: the port is on a device that is no more.
 */
export function switchChanges(
  there: readonly BridgeSpec[],
  wanted: readonly BridgeSpec[],
  isStale: (port: PortFact) => boolean = () => false,
): readonly SwitchChange[] {
  const gone: SwitchChange[] = [];
  const made: SwitchChange[] = [];
  const names = new Set(wanted.map(({ name }) => name));
  for (const { name } of there) if (!names.has(name)) gone.push({ do: "bridge.delete", name });
  for (const { ports, ...bridge } of wanted) {
    const fact = there.find(({ name }) => name === bridge.name);
    if (fact === undefined) made.push({ do: "bridge.add", bridge });
    else if (!isBridgeSo(fact, bridge)) made.push({ do: "bridge.set", bridge, was: withoutPorts(fact) });
    const facts = new Map((fact?.ports ?? []).map((port) => [port.name, port]));
    for (const port of ports) {
      const found = facts.get(port.name);
      facts.delete(port.name);
      if (found === undefined) made.push({ do: "port.add", bridge: bridge.name, port });
      else if (isStale(found)) made.push({ do: "port.add", bridge: bridge.name, port, again: true });
      else if (!isPortSo(found, port)) made.push({ do: "port.set", bridge: bridge.name, port, was: portSpecOf(found) });
    }
    for (const name of facts.keys()) gone.push({ do: "port.delete", bridge: bridge.name, name });
  }
  return [...gone, ...made];
}

function isBridgeSo(fact: BridgeSpec, { datapath, failMode, mac, mtu }: Omit<BridgeSpec, "ports">): boolean {
  return (
    (fact.failMode ?? "standalone") === (failMode ?? "standalone") &&
    (datapath === undefined || (fact.datapath ?? datapath) === datapath) &&
    (mac === undefined || fact.mac === mac) &&
    (mtu === undefined || fact.mtu === mtu)
  );
}

function isPortSo(fact: PortSpec, { tag, trunks = [] }: PortSpec): boolean {
  const found = new Set(fact.trunks);
  return fact.tag === tag && found.size === new Set(trunks).size && trunks.every((one) => found.has(one));
}

const withoutPorts = ({ ports: _, ...bridge }: BridgeSpec): Omit<BridgeSpec, "ports"> => bridge;
const portSpecOf = ({ name, tag, trunks }: PortSpec): PortSpec => ({
  name,
  ...(tag !== undefined && { tag }),
  ...(trunks !== undefined && { trunks }),
});

/** Facts as a wish that would keep them. */
export function bridgeSpecOf(fact: BridgeFact): BridgeSpec {
  return { ...withoutPorts(fact), ports: fact.ports.map(portSpecOf) };
}

/** The change as ovs-vsctl(8) takes it, without the program. */
export function printSwitchChange(change: SwitchChange): string {
  switch (change.do) {
    case "bridge.add":
      return [`add-br ${change.bridge.name}`, ...settings(change.bridge)].join(" -- ");
    case "bridge.set":
      return settings(change.bridge).join(" -- ");
    case "bridge.delete":
      return `del-br ${change.name}`;
    case "port.add": {
      const add = `add-port ${change.bridge} ${change.port.name}${vlans(change.port)}`;
      return change.again === true ? `del-port ${change.bridge} ${change.port.name} -- ${add}` : add;
    }
    case "port.set": {
      const words = vlans(change.port);
      return `clear port ${change.port.name} tag trunks${words === "" ? "" : ` -- set port ${change.port.name}${words}`}`;
    }
    case "port.delete":
      return `del-port ${change.bridge} ${change.name}`;
    default:
      return change satisfies never;
  }
}

function settings({ name, datapath, failMode = "standalone", mac, mtu }: Omit<BridgeSpec, "ports">): string[] {
  const words = [
    `fail_mode=${failMode}`,
    ...(datapath === undefined ? [] : [`datapath_type=${datapath}`]),
    ...(mac === undefined ? [] : [`other_config:hwaddr='"${mac}"'`]),
  ];
  const set = `set bridge ${name} ${words.join(" ")}`;
  return mtu === undefined ? [set] : [set, `set interface ${name} mtu_request=${mtu}`];
}

const vlans = ({ tag, trunks = [] }: PortSpec): string =>
  `${tag === undefined ? "" : ` tag=${tag}`}${trunks.length === 0 ? "" : ` trunks=${trunks.join(",")}`}`;
