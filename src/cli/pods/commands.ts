import {
  PodsError,
  type Sharing,
  assignSome,
  assignToBridge,
  childrenOf,
  connectSome,
  createSome,
  defaultRoutes,
  deleteAll,
  deletePods,
  nodeRoutes,
  overlay,
  overlayTypes,
  ownNamespaces,
  statusOf,
  vethSome,
} from "../../pods/index.ts";
import { type Acting, type ActingCall, gatewayHostOf, mtuOf, someFrom } from "./acting.ts";

/** The commands of `netns_test` besides its test cases. */
export const commands: Readonly<Record<string, Acting>> = {
  create: {
    words: "[count] [first]",
    about: "make pods: a network namespace and a host name each",
    run: ({ job, node, args }) => createSome(job, node, someFrom(args)),
  },
  delete: {
    words: "[count] [first] | --all",
    about: "delete pods; with --all everything that these commands made on this node",
    options: ["__all"],
    run: remove,
  },
  list: { about: "the pods on this node", run: list },
  status: {
    words: "[count] [first]",
    about: "how pods are; fails if one of those that are named is not up",
    run: status,
  },
  veth: {
    words: "[--mtu=BYTES] [count] [first]",
    about: "join pods to the node: a veth pair each, the node's end named like the pod",
    options: ["__mtu"],
    run: ({ job, node, args, variables }) => vethSome(job, node, { ...someFrom(args), ...mtuOf(variables) }),
  },
  assign_addresses: {
    words: "[--random] [count] [first]",
    about: "give pods their addresses, by number or of /etc/rnd-addresses",
    options: ["__random"],
    run: ({ job, node, args }) => assignSome(job, node, { ...someFrom(args), random: node.settings.random }),
  },
  cni_bridge_configure: {
    about: "write /etc/cni/10-bridge.conf: a network of the plugin bridge for this node's pods",
    run: async ({ node }) => (await import("../../pods/cni.ts")).writeBridgeConf(node),
  },
  cni_bridge_start: {
    words: "[count] [first]",
    about: "attach pods by that configuration; what the plugin answers is in /tmp/POD.json",
    run: async ({ job, node, args }) => (await import("../../pods/cni.ts")).startCni(job, node.pods(someFrom(args))),
  },
  cni_bridge_stop: {
    words: "[count] [first]",
    about: "detach them",
    run: async ({ node, args }) => (await import("../../pods/cni.ts")).stopCni(node.pods(someFrom(args))),
  },
  assign_bridge_address: {
    words: "[--random] [--gateway-host=N] DEV",
    about: "give a device of the node host 0 of its net, or its address of /etc/rnd-addresses",
    options: ["__random", "__gateway_host"],
    needs: [1, "Param missing"],
    run: ({ job, node, args: [device = ""], variables }) =>
      assignToBridge(job, node, device, { random: node.settings.random, ...gatewayHostOf(variables) }),
  },
  connect_to_bridge: {
    words: "BR [count] [first]",
    about: "make the node's ends of pods ports of a bridge",
    needs: [1, "Param missing"],
    run: ({ job, node, args }) => connectSome(job, node, args[0] ?? "", someFrom(args, 1)),
  },
  set_default_route: {
    words: "[--bridge=DEV] [--gateway-host=N] [x] [count] [first]",
    about: "give pods default routes, via DEV's addresses or host 0 of the node's net",
    options: ["__bridge", "__gateway_host"],
    run: ({ job, node, args, variables }) =>
      defaultRoutes(job, node, {
        ...someFrom(args, 1),
        ...gatewayHostOf(variables),
        ...(variables["__bridge"] !== undefined && { bridge: variables["__bridge"] }),
      }),
  },
  setup_routes: {
    words: "[--net=1]",
    about: "routes to the pods of the other nodes, via the nodes' addresses on a net",
    run: ({ job, node }) => nodeRoutes(job, node),
  },
  setup_overlay: {
    words: `[--net=1] [--dev=eth1] [--type=${overlayTypes.join("|")}]`,
    about: "routes to the pods of the other nodes through an overlay on their IPv6 addresses",
    options: ["__dev", "__type"],
    run: ({ job, node, variables }) => overlay(job, node, overlayOptions(variables)),
  },
  add_ipvlan: {
    words: "[--mode=l2|l3|l3s] [--flags=bridge|private|vepa] [--mtu=BYTES] MASTER [count] [first]",
    about: "give pods an ipvlan on a device of the node, and the node one too",
    options: ["__mode", "__flags", "__mtu"],
    needs: [1, "Param missing"],
    run: (call) => share(call, ipvlan(call.variables)),
  },
  add_macvlan: {
    words: "[--mode=bridge|private|vepa|passthru] [--mtu=BYTES] MASTER [count] [first]",
    about: "the same by macvlan",
    options: ["__mode", "__mtu"],
    needs: [1, "Param missing"],
    run: (call) => share(call, macvlan(call.variables)),
  },
  ping_all_random: {
    about: "ping the numbers of /etc/rnd-addresses that nodes and pods use",
    run: async ({ node }) => (await import("./pings.ts")).pingRandom(node),
  },
  ping_all_pods: {
    about: "ping the pods of all nodes",
    run: async ({ node }) => (await import("./pings.ts")).pingPods(node),
  },
};

type Options = ActingCall["variables"];

/** One of some words. @throws {PodsError} `usage` */
function oneOf<const W extends string>(option: string, word: string | undefined, words: readonly [W, ...W[]]): W {
  if (word === undefined) return words[0];
  const found = words.find((one) => one === word);
  if (found !== undefined) return found;
  throw new PodsError(
    "usage",
    `${option}=${word}: there is no such ${option.slice(2)}`,
    `choose one of ${words.join(", ")}`,
  );
}

export function overlayOptions({ __dev, __type }: Options): Parameters<typeof overlay>[2] {
  return { type: oneOf("--type", __type, overlayTypes), ...(__dev !== undefined && { device: __dev }) };
}

export function ipvlan({ __mode, __flags }: Options): Sharing {
  const mode = oneOf("--mode", __mode, ["l2", "l3", "l3s"]);
  return { kind: "ipvlan", mode, flags: oneOf("--flags", __flags, ["bridge", "private", "vepa"]) };
}

function macvlan({ __mode }: Options): Sharing {
  return { kind: "macvlan", mode: oneOf("--mode", __mode, ["bridge", "private", "vepa", "passthru"]) };
}

function share({ job, node, args, variables }: ActingCall, sharing: Sharing): void {
  childrenOf(job, node, args[0] ?? "", { sharing, ...someFrom(args, 1), ...mtuOf(variables) });
}

async function remove({ job, node, args, variables, print }: ActingCall): Promise<void> {
  const all = variables["__all"] === "yes";
  if (all && args.length > 0) {
    throw new PodsError("usage", "delete --all takes no numbers", "write delete --all, or delete [count] [first]");
  }
  const names = all ? ownNamespaces(job) : node.pods(someFrom(args)).map(({ name }) => name);
  await (await import("./detach.ts")).detach(node, names);
  if (all) print([], { deleted: await deleteAll(job) });
  else await deletePods(job, names);
}

function list({ job, node, print }: ActingCall): void {
  void node;
  const names = ownNamespaces(job).toSorted();
  print(names, { pods: names });
}

async function status({ job, node, args, print }: ActingCall): Promise<void> {
  const some = someFrom(args);
  const asked = some.count !== undefined;
  const names = asked ? node.pods(some).map(({ name }) => name) : ownNamespaces(job).toSorted();
  const pods = statusOf(job, names);
  const { statusLines } = await import("./status-lines.ts");
  print(statusLines(pods), { pods });
  const wrong = asked ? pods.filter(({ state }) => state !== "up") : [];
  if (wrong.length > 0) {
    const said = wrong.map(({ name, state }) => `${name} is ${state}`).join(", ");
    throw new PodsError("failed", said, "netns_test create and veth make what is missing");
  }
}
