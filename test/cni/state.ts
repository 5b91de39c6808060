/** The state of a box as facts, one a line: links, addresses, routes, rules, qdiscs, rules of nftables, sysctls, files. */
import type { Box } from "./box.ts";
import type { Names } from "./names.ts";

const sections = {
  addr: "ip -j -d addr",
  route4: "ip -j -d -4 route show table all",
  route6: "ip -j -d -6 route show table all",
  rule4: "ip -j -4 rule",
  rule6: "ip -j -6 rule",
  vlan: "bridge -j vlan",
  qdisc: 'q=$(tc -j qdisc); echo "$q"',
  filter: `case $q in *'"ingress"'*) for d in $(tc qdisc | sed -n 's/^qdisc ingress .* dev \\([^ ]*\\) .*/\\1/p'); do echo $d $(tc filter show dev $d ingress); done ;; esac`,
  nft: "nft -s list ruleset 2>/dev/null",
  sysctl:
    "grep -rs . /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf /proc/sys/net/ipv4/ip_forward /proc/sys/net/core/somaxconn",
} as const;

type Section = keyof typeof sections;

/** What is asked in every namespace, in one process. */
const script = Object.entries(sections)
  .map(([name, command]) => `echo '=== ${name}'; ${command} || true`)
  .join("\n");

/** Namespaces by name, with what is in them; the box's own is `host`. */
export function look(box: Box, names: Names): readonly string[] {
  const pods = box.sh("ls /run/netns").split("\n").filter(Boolean);
  const places = [{ place: "host", said: box.sh(script) }].concat(
    pods.map((pod) => ({ place: pod, said: box.run(["nsenter", `--net=/run/netns/${pod}`, "sh", "-ec", script]) })),
  );
  const parsed = places.map(({ place, said }) => ({ place, parts: split(said) }));
  for (const { place, parts } of parsed) nameLinks(place, json<Link>(parts.addr), names);
  return [...parsed.flatMap(({ place, parts }) => facts(place, parts)), ...files(box)]
    .map((fact) => names.in(fact))
    .toSorted();
}

/** The state once nothing changes by itself any more: addresses have been detected, links have a carrier if they can. */
export async function settled(box: Box, names: Names): Promise<readonly string[]> {
  const until = performance.now() + 6000 * Number(process.env["TEST_PATIENCE"] ?? 1);
  for (;;) {
    const now = look(box, names);
    if (!now.some((fact) => passing(fact, now)) || performance.now() > until) return now;
    await Bun.sleep(30);
  }
}

/** A state that a veth's end leaves soon: the kernel tells of a carrier up to a second later (net/core/link_watch.c). */
function passing(fact: string, all: readonly string[]): boolean {
  if (/ addr .* tentative/.test(fact)) return true;
  // The other end of a test's wire may be down on purpose.
  const [, link] = /^(.* link (?!wire)\S+) state (?:DOWN|LOWERLAYERDOWN|UNKNOWN)$/.exec(fact) ?? [];
  return (
    link !== undefined &&
    all.some((other) => /kind (veth|macvlan)$/.test(other) && other.startsWith(`${link} `)) &&
    all.some((other) => other.startsWith(`${link} flags `) && /\bUP\b/.test(other))
  );
}

function split(said: string): Readonly<Record<Section, string>> {
  const parts = Object.fromEntries(Object.keys(sections).map((name) => [name, ""])) as Record<Section, string>;
  for (const part of said.split(/^=== /m).slice(1)) {
    const end = part.indexOf("\n");
    parts[part.slice(0, end) as Section] = part.slice(end + 1).trim();
  }
  return parts;
}

interface Link {
  readonly ifindex: number;
  readonly ifname: string;
  readonly address?: string;
  readonly link_type?: string;
  /** Of a namespace, where the other end of a pair is; absent when both are in this one. */
  readonly link_netnsid?: number;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly operstate: string;
  readonly master?: string;
  readonly ifalias?: string;
  readonly txqlen?: number;
  readonly promiscuity?: number;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: Readonly<Record<string, unknown>>;
    readonly info_slave_data?: Readonly<Record<string, unknown>>;
  };
}

type Shown = Readonly<Record<string, unknown>>;

function json<T>(text: string): readonly T[] {
  return text === "" ? [] : (JSON.parse(text) as readonly T[]).filter((each) => Object.keys(each as object).length > 0);
}

/** In the order in which they were made, but containers' before those with both ends here, which may be made before or after. */
function nameLinks(place: string, links: readonly Link[], names: Names): void {
  const byEnds = (a: Link, b: Link): number =>
    Number(a.link_netnsid === undefined) - Number(b.link_netnsid === undefined) || a.ifindex - b.ifindex;
  for (const { ifname, ifindex } of links.toSorted(byEnds)) {
    if (/^veth[0-9a-f]{8,11}$/.test(ifname)) names.number(ifname, "veth", ifindex);
  }
  for (const { ifname, address } of links.toSorted((a, b) => a.ifindex - b.ifindex)) {
    if (address !== undefined && !/^(00:){5}00$/.test(address))
      names.learn(address, `MAC(${place}/${names.in(ifname)})`);
  }
}

/** Changes by itself, or says again what another fact says. */
const volatile = /timer|_id$|^id$|^no$|designated|root_|index|topology|config_pending|hello|forward_delay$|ageing$/;

function facts(place: string, parts: Readonly<Record<Section, string>>): readonly string[] {
  return [
    ...json<Link>(parts.addr).flatMap(linkFacts),
    ...json<Shown>(parts.addr).flatMap(addressFacts),
    ...json<Shown>(parts.route4)
      .filter(own)
      .map((route) => `route4 ${flat(route)}`),
    ...json<Shown>(parts.route6)
      .filter(own)
      .map((route) => `route6 ${flat(route)}`),
    ...json<Shown>(parts.rule4).map((rule) => `rule4 ${flat(rule)}`),
    ...json<Shown>(parts.rule6).map((rule) => `rule6 ${flat(rule)}`),
    ...json<Shown>(parts.vlan).flatMap(({ ifname, vlans }) =>
      ((vlans ?? []) as readonly Shown[]).map((vlan) => `vlan ${String(ifname)} ${flat(vlan)}`),
    ),
    ...json<Shown>(parts.qdisc)
      .filter(({ kind }) => kind !== "noqueue")
      .map((qdisc) => `qdisc ${flat(qdisc)}`),
    ...parts.filter
      .split("\n")
      .filter(Boolean)
      .map((line) => `filter ${line}`),
    ...nftFacts(parts.nft),
    ...parts.sysctl
      .split("\n")
      .filter((line) => !/mc_forwarding|conf\/(?!all\/|eth0\/)[^/]+\/forwarding|all\/accept_redirects/.test(line))
      .map((line) => line.replace(/^\/proc\/sys\//, "sysctl ").replace(":", " = ")),
  ].map((fact) => `${place} ${fact}`);
}

function linkFacts(link: Link): readonly string[] {
  const { ifname, flags, linkinfo } = link;
  const data = (from: Shown | undefined): readonly string[] =>
    Object.entries(from ?? {})
      .filter(([key]) => !volatile.test(key))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return [
    `link ${ifname} kind ${linkinfo?.info_kind ?? link.link_type ?? "?"}`,
    // The carrier is told by the state; a bridge's follows its ports late.
    `link ${ifname} flags ${flags
      .filter((flag) => !/^(NO-CARRIER|LOWER_UP)$/.test(flag))
      .toSorted()
      .join(",")}`,
    `link ${ifname} mtu ${link.mtu}`,
    ...(linkinfo?.info_kind === "bridge" ? [] : [`link ${ifname} state ${link.operstate}`]),
    `link ${ifname} address ${link.address ?? "none"}`,
    `link ${ifname} txqlen ${link.txqlen ?? "none"}`,
    ...(link.master === undefined ? [] : [`link ${ifname} master ${link.master}`]),
    ...(link.ifalias === undefined ? [] : [`link ${ifname} alias ${link.ifalias}`]),
    ...data(linkinfo?.info_data).map((text) => `link ${ifname} ${text}`),
    ...data(linkinfo?.info_slave_data).map((text) => `link ${ifname} port ${text}`),
  ];
}

function addressFacts({ ifname, addr_info }: Shown): readonly string[] {
  return ((addr_info ?? []) as readonly Shown[]).map(({ local, prefixlen, scope, ...rest }) => {
    const marks = ["tentative", "nodad", "permanent", "dadfailed", "noprefixroute"].filter(
      (mark) => rest[mark] === true,
    );
    const lifetime = Number(rest["valid_life_time"]) === 4294967295 ? "" : " with a lifetime";
    const more = [rest["peer"], rest["broadcast"]].filter((word) => word !== undefined);
    const text = [local ?? rest["address"], prefixlen, scope, ...more, ...marks].map(String).join(" ");
    return `addr ${String(ifname)} ${text}${lifetime}`;
  });
}

/** Not what the kernel itself adds for each address. */
function own({ table, type }: Shown): boolean {
  return table !== "local" && type !== "multicast" && type !== "anycast";
}

/** Keys in order; values that are always there and say nothing are left out. */
function flat(shown: Shown): string {
  return Object.entries(shown)
    .filter(([key, value]) => !/^(flags|pref|handle_|cache)$/.test(key) && value !== "" && value !== null)
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .toSorted()
    .join(" ");
}

/** Each rule with its table and chain before it. */
function nftFacts(text: string): readonly string[] {
  const found: string[] = [];
  const path: string[] = [];
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    if (line === "}") path.pop();
    else if (line.endsWith("{")) {
      path.push(line.slice(0, -1).trim());
      found.push(`nft ${path.join(" / ")}`);
    } else found.push(`nft ${path.join(" / ")}: ${line}`);
  }
  return found;
}

/** What is on disk: reservations, saved values, sockets. */
function files(box: Box): readonly string[] {
  const list = `cd /; find var/lib/cni run -xdev \\( -path run/netns -o -path run/netloom-plugins -o -name xtables.lock \\) -prune -o ! -type d -printf '%p %y %m\\n'`;
  return box
    .sh(list)
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [path = "", type = "", mode = ""] = line.split(" ");
      const content = type === "f" ? ` = ${JSON.stringify(box.read(`/${path}`))}` : "";
      return `host file /${path} ${type} ${mode}${content}`;
    });
}
