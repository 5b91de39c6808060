import type { IfName } from "../values/index.ts";
import type {
  AddrSpec,
  FdbSpec,
  LinkSpec,
  LinkState,
  NeighSpec,
  NetnsName,
  QdiscSpec,
  RouteSpec,
  RuleSpec,
} from "./net.ts";

interface In {
  /** Namespace in which it is done. */
  readonly netns: NetnsName;
}
interface On extends In {
  readonly dev: IfName;
}

/**
 * An effect on a kernel, as data: the plugins, the agent and the lab all speak these.
 * `was` is what stood there before, so that an op can be turned round.
 */
export type Op =
  /** Makes, tags (loopback's alias = `owner`) and pins a namespace with its UTS twin; loopback comes up. */
  | (In & { readonly do: "netns.create"; readonly owner: string; readonly hostname: string })
  | (In & { readonly do: "netns.delete" })
  | (In & { readonly do: "sysctl.set"; readonly key: string; readonly value: string; readonly was?: string })
  | (In & { readonly do: "link.add"; readonly link: LinkSpec; readonly peer?: LinkSpec })
  | (In & { readonly do: "link.set"; readonly name: IfName; readonly set: LinkState; readonly was: LinkState })
  | (In & { readonly do: "link.delete"; readonly name: IfName; readonly was?: LinkSpec })
  | (On & { readonly do: "addr.add"; readonly addr: AddrSpec })
  | (On & { readonly do: "addr.delete"; readonly addr: AddrSpec })
  | (In & { readonly do: "route.put"; readonly route: RouteSpec; readonly was?: RouteSpec })
  | (In & { readonly do: "route.delete"; readonly route: RouteSpec })
  | (In & { readonly do: "rule.add"; readonly rule: RuleSpec })
  | (In & { readonly do: "rule.delete"; readonly rule: RuleSpec })
  | (In & { readonly do: "neigh.put"; readonly neigh: NeighSpec; readonly was?: NeighSpec })
  | (In & { readonly do: "neigh.delete"; readonly neigh: NeighSpec })
  | (In & { readonly do: "fdb.put"; readonly fdb: FdbSpec; readonly was?: FdbSpec })
  | (In & { readonly do: "fdb.delete"; readonly fdb: FdbSpec })
  | (On & { readonly do: "qdisc.put"; readonly qdisc: QdiscSpec; readonly was?: QdiscSpec })
  | (On & { readonly do: "qdisc.delete"; readonly was?: QdiscSpec });

export type OpOf<D extends Op["do"]> = Extract<Op, { readonly do: D }>;
