/** The rooms of `src/` in dependency order: the one table that the checker and docs/architecture.md are made from. */

export interface Room {
  readonly name: string;
  /** Imports go to rooms of a lower rank only. */
  readonly rank: number;
  /** One line for docs/architecture.md. */
  readonly holds: string;
  /** Files other rooms may import besides `index.ts`, each with its reason. */
  readonly doors?: Readonly<Record<string, string>>;
  /** Rooms of the same rank whose doors (not their `index.ts`) it may use. */
  readonly beside?: readonly string[];
}

export const rooms: readonly Room[] = [
  { name: "values", rank: 0, holds: "addresses, prefixes, MACs, names, VNIs, quantities: parse, print, compare" },
  { name: "wire", rank: 1, holds: "bytes and attribute tables: encode, decode, annotated dump; pure" },
  {
    name: "sys",
    rank: 1,
    holds: "system calls, descriptors, errno, sysctl files; the only FFI",
    doors: { "stream.ts": "a CNI plugin answers VERSION with two system calls and nothing else of the room" },
  },
  { name: "netlink", rank: 2, holds: "netlink sockets: frames, exchange, dumps, extended acks, subscription" },
  { name: "rtnl", rank: 3, holds: "links (one file per kind), addresses, routes, rules, neighbours, FDB, qdiscs" },
  { name: "netns", rank: 3, holds: "network and UTS namespaces: make, pin, enter, run inside, delete" },
  { name: "nft", rank: 3, holds: "nf_tables: tables, chains, sets, maps and rules in one batch, and read back" },
  {
    name: "ovsdb",
    rank: 3,
    holds: "Open vSwitch: its database by RFC 7047, bridges and ports, the daemons of a switch",
    doors: { "switch.ts": "bridges and ports are compared and printed by who never speaks to a database" },
  },
  { name: "conntrack", rank: 3, holds: "what the kernel remembers of connections: find and forget" },
  { name: "change", rank: 4, holds: "wish, facts, ops: diff, order, inverse, print; pure" },
  {
    name: "kernel",
    rank: 5,
    holds: "runs ops: the real kernel and one in memory",
    doors: { "memory.ts": "dry runs need it, and nothing that has to start fast" },
  },
  { name: "ipam", rank: 5, holds: "ranges of addresses, which is next, and where reservations are kept" },
  {
    name: "cni",
    rank: 6,
    holds: "the CNI specification: results of every version, plugin skeleton, runtime",
    doors: {
      "program.ts": "a plugin's process loads no more of the room than its command needs",
      "runtime/index.ts": "who calls plugins needs what no plugin may load",
      "runtime/places.ts": "help names the folders and loads nothing else",
      "version.ts": "the list of plugins knows their versions without loading them",
    },
  },
  { name: "probe", rank: 6, holds: "the full ping matrix by ICMP sockets, in one process" },
  { name: "plugins", rank: 7, holds: "one folder per CNI plugin: what it reads, what it plans, what it does" },
  {
    name: "xcluster",
    rank: 7,
    holds: "what xcluster's netns_test and ipu say: names, variables, addresses, the shuffled list; pure",
    doors: {
      "ipu/index.ts": "a process that is ipu loads nothing else of the room",
      "printing.ts": "a command of netns_test that prints loads nothing that acts",
      "variables.ts": "and reads its words and variables",
      "strict-printing.ts": "and what is strict only when it is asked for",
      "shuffled-file.ts": "and the list only when it needs one",
      "shuffle.ts": "a lab needs the list and nothing that speaks",
    },
  },
  {
    name: "output",
    rank: 7,
    holds: "tables, colours, JSON and YAML on the terminal; knows nothing of labs",
    doors: { "text.ts": "drawings cut and clean text as tables do, and need nothing else of a terminal" },
  },
  {
    name: "lab",
    rank: 8,
    holds: "lab files, resolving them to a wish, up, down, test, state and journal; the API",
    doors: {
      "topology.ts": "the drawing needs the shape of a lab and nothing that acts on it",
      "places.ts": "exec finds a pod without loading what reads lab files",
      "rootless/index.ts": "an ordinary user's command goes on in a user namespace before anything else is loaded",
    },
  },
  {
    name: "pods",
    rank: 8,
    holds: "pods on the running node as xcluster has them: each command as facts, ops and undo",
    doors: {
      "cni.ts": "only pods that plugins attach need the plugins",
      "reach.ts": "only pings need the probe",
    },
  },
  { name: "graph", rank: 8, holds: "a topology as text, SVG, Mermaid, DOT", beside: ["lab"] },
  { name: "cli", rank: 10, holds: "one file per command: parse, call one function, print" },
];
