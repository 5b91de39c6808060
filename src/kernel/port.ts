import type {
  Facts,
  LinkFact,
  LinkSpec,
  NetnsName,
  Op,
  OpOf,
  PortVlanSpec,
  QueueFacts,
  RouteFact,
} from "../change/index.ts";
import type { SharedTable, TableRef } from "../nft/index.ts";
import type { IfName, Ip } from "../values/index.ts";

/** What `facts` shall read besides the always read. */
export interface FactsRequest {
  readonly namespaces: readonly NetnsName[];
  /** Sysctl keys to read in a namespace. Few: a look-up in /proc/sys/net takes longer the more namespaces there are. */
  readonly sysctls?: (netns: NetnsName) => readonly string[];
  /** `links`: only links with their addresses and qdiscs; the other tables come back empty. All if absent. */
  readonly depth?: "links" | "all";
  /** Where the switch of a namespace has its files and whose bridges are told, for those that may have one. */
  readonly switches?: (netns: NetnsName) => SwitchAt | undefined;
  /** In which namespaces to read who makes checksums, link by link. */
  readonly txChecksums?: (netns: NetnsName) => boolean;
  /** Whose neighbours to read; all if absent. The kernel walks those of all namespaces for each that is asked. */
  readonly neighbours?: (netns: NetnsName) => boolean;
}

/** A switch of a namespace. */
export interface SwitchAt {
  readonly folder: string;
  readonly owner: string;
}

/** A kind of link that a kernel cannot make. */
export interface Lacking {
  readonly kind: LinkSpec["kind"];
  /** In the kernel's words, with what to do. */
  readonly why: string;
}

/** How ops are run. */
export interface RunOptions {
  /** Called before op `index` is done and after all before it are; throwing stops the run there. Costs speed. */
  readonly before?: (index: number) => void;
  /** Another run follows at once, and `settle` after it: what is deleted is then waited for together. */
  readonly goesOn?: boolean;
}

/**
 * A kernel that ops are run on. There are two: the real one and one in memory for tests without privilege;
 * both pass the suite in `test/contract/kernel.ts`.
 */
export interface Kernel extends Disposable {
  /** Reads what is; namespaces that do not exist are absent from the answer. Synchronous. */
  facts(request: FactsRequest): Facts;
  /**
   * One link by its name or an alternative one, with its addresses (unless they are not wanted) but not its qdisc; `undefined`
   * where there is none. Reads no other. @throws {NetnsError} `missing`
   */
  link(netns: NetnsName, name: string, options?: { readonly addrs?: boolean }): LinkFact | undefined;
  /** Whether there is a link of that name, also an alternative one. Much cheaper than reading it. @throws {NetnsError} `missing` */
  hasLink(netns: NetnsName, name: string): boolean;
  /** Value of a sysctl, e.g. `net.ipv4.ip_forward`; `undefined` where there is none. @throws {NetnsError} `missing` */
  sysctl(netns: NetnsName, key: string): string | undefined;
  /** What packets of one link meet; `undefined` where there is no such link. @throws {NetnsError} `missing` */
  queues(netns: NetnsName, name: string): QueueFacts | undefined;
  /** The VLANs that a bridge lets through one of its ports, each for itself; none where it does not look at them. @throws {NetnsError} `missing` */
  portVlans(netns: NetnsName, name: string): readonly PortVlanSpec[];
  /** The routes of a namespace as facts have them, without its links and rules. @throws {NetnsError} `missing` */
  routes(netns: NetnsName): readonly RouteFact[];
  /** The link that packets to an address leave by; `undefined` where they have no way. @throws {NetnsError} `missing` */
  wayTo(netns: NetnsName, ip: Ip): IfName | undefined;
  /** Who has rules in a shared table. @throws {NetnsError} `missing` */
  ruleOwners(netns: NetnsName, table: SharedTable): readonly string[];
  /** What of the op's rules is not there, or not as it says, in lines for people; empty if all is. @throws {NetnsError} `missing` */
  missingRules(op: OpOf<"nft.put">): readonly string[];
  /** Whether a chain is there, whoever made it. @throws {NetnsError} `missing` */
  hasChain(netns: NetnsName, table: TableRef, chain: string): boolean;
  /** Those of the kinds that it cannot make; none is made where somebody could see it. Not for `tun`, which is no netlink kind. */
  lacking(kinds: readonly LinkSpec["kind"][]): readonly Lacking[];
  /** The pinned namespaces, whoever made them. */
  namespaces(): readonly NetnsName[];
  /** Owner's tags of those of the namespaces that exist; `undefined` where there is none. Cheaper than facts. */
  owners(namespaces: readonly NetnsName[]): ReadonlyMap<NetnsName, string | undefined>;
  /**
   * Does the ops in order; stops at the first refusal. Synchronous.
   * @throws {OpError} with the op, its index and the kernel's reason; its `done` tells what is done
   */
  run(ops: readonly Op[], options?: RunOptions): void;
  /**
   * Waits until links of deleted namespaces are gone, so that names can be used again, and those that came up pass packets.
   * `all` waits for what others deleted, too: a netloom that was killed in the middle.
   */
  settle(deletions?: "own" | "all"): Promise<void>;
}
