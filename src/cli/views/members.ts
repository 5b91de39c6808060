import type { Inspection, Member } from "../../lab/index.ts";
import type { Mtus } from "../../lab/topology.ts";
import type { Row, TonedText, View } from "../../output/index.ts";

/** A lab's nodes and pods as they are. */
export function membersView(inspection: Inspection): View {
  return {
    columns: [
      { key: "name" },
      { key: "kind" },
      { key: "node", wide: true },
      { key: "state" },
      { key: "ifname", title: "interface", wide: true },
      { key: "addresses", shrink: true },
      { key: "mtu", align: "right" },
      { key: "mac", wide: true },
      { key: "port", wide: true },
      { key: "netns", wide: true },
      ...(inspection.members.some(({ problems }) => problems.length > 0) ? [{ key: "problems" }] : []),
    ],
    rows: inspection.members.map(rowOf),
    data: inspectionToJson(inspection),
    names: inspection.members.map(({ name }) => name),
  };
}

/** With the words that all commands have in JSON. */
export function inspectionToJson(inspection: Inspection): object {
  return { ...inspection, members: inspection.members.map(({ addrs, ...one }) => ({ ...one, addresses: addrs })) };
}

function rowOf(member: Member): Row {
  const { addrs, problems, name, kind, node, ifname, mtu, mac, port, netns } = member;
  return {
    name,
    kind,
    node,
    ifname,
    mtu,
    mac,
    port,
    netns,
    state: stateCell(member),
    addresses: addrs.join(" "),
    problems: problems.join("; "),
  };
}

function stateCell({ state }: Member): TonedText {
  return { text: state, tone: state === "up" ? "good" : state === "degraded" ? "warn" : "bad" };
}

/** What pods may send, and why: `MTU: 1430 bytes (1500 underlay - 70 vxlan over IPv6)`; a line for all networks that agree. */
export function mtuLines({ networks }: Pick<Inspection, "networks">): readonly string[] {
  const alike = [...Map.groupBy(networks, ({ mtu }) => mtuText(mtu))];
  if (alike.length === 1) return alike.map(([text]) => `MTU: ${text}`);
  return alike.map(([text, some]) => `MTU of ${some.map(({ name }) => name).join(", ")}: ${text}`);
}

/** By family where they differ. */
function mtuText({ ipv4, ipv6 }: Mtus): string {
  const same = ipv4?.bytes === ipv6?.bytes && ipv4?.because === ipv6?.because ? ipv4 : undefined;
  if (same !== undefined) return `${same.bytes} bytes (${same.because})`;
  const one = (family: string, spec: typeof ipv4) =>
    spec === undefined ? [] : [`${family} ${spec.bytes} bytes (${spec.because})`];
  return [...one("IPv4", ipv4), ...one("IPv6", ipv6)].join(", ");
}
