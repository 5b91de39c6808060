import { version } from "../../../package.json";
import {
  PodsError,
  type Sharing,
  assignSome,
  assignToBridge,
  attachNode,
  childrenOf,
  createSome,
  createVlans,
  externals,
  initPod,
  isolatedBridge,
  nodeChild,
  overlay,
  overlayTypes,
  ownNamespaces,
  parseUnderlay,
  parseVlanName,
  shuffling,
  statusOf,
} from "../../pods/index.ts";
import { type Acting, type ActingCall, mtuOf, someFrom } from "./acting.ts";
import { statusLines } from "./status-lines.ts";

/** Commands and test cases with the node's own devices, by plugins, and those that look at what is there. */
export const uplinks: Readonly<Record<string, Acting>> = {
  status: {
    words: "[count] [first]",
    about: "how pods are; fails if one of those that are named is not up",
    run: status,
  },
  init: {
    words: "NAME",
    about:
      "in namespaces that are pinned as NAME: make them a pod, as the original's create does; create needs no such step",
    needs: [1, "Param missing"],
    run: ({ job, args }) => initPod(job, args[0] ?? ""),
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
    run: async ({ job, node, args }) => (await import("../../pods/cni.ts")).stopCni(job, node.pods(someFrom(args))),
  },
  setup_overlay: {
    words: `[--net=1] [--dev=eth1] [--type=${overlayTypes.join("|")}] [--underlay=link-local|N=ADDRESS,...]`,
    about: "routes to the pods of the other nodes through an overlay on their IPv6 addresses",
    options: ["__dev", "__type", "__underlay"],
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
  tcase_version: {
    about: "print versions",
    text: () => "Versions",
    run: ({ print }) => print([`netloom ${version}`], { netloom: version }),
  },
  tcase_cni_bridge_configure: {
    about: "cni_bridge_configure",
    text: () => "Configure the CNI plugin bridge",
    run: async ({ node }) => (await import("../../pods/cni.ts")).writeBridgeConf(node),
  },
  tcase_cni_bridge_start: {
    about: "create, cni_bridge_start",
    text: () => "Create pods and attach them by CNI",
    run: async ({ job, node, args }) => {
      const some = someFrom(args);
      createSome(job, node, some);
      await (await import("../../pods/cni.ts")).startCni(job, node.pods(some));
    },
  },
  tcase_cni_bridge_ping: {
    words: "[count] [first]",
    about: "ping this node's pods at the addresses that CNI gave them",
    text: () => "Ping the node's pods that CNI attached",
    run: async ({ node, args }) => {
      const { attachedPrefixes } = await import("../../pods/cni.ts");
      const { ping } = await import("./pings.ts");
      await ping(
        node,
        node.pods(someFrom(args)).flatMap(({ name }) => attachedPrefixes(name)),
      );
    },
  },
  tcase_bridge_ping: {
    about: "ping this node's pods",
    text: () => "Ping the node's pods",
    run: async ({ node }) => {
      const of = node.settings.randomCases ? shuffling(node).pod : undefined;
      const { ping } = await import("./pings.ts");
      await ping(
        node,
        node.pods().flatMap((pod) => of?.(pod) ?? node.addresses(node.net, pod.number)),
      );
    },
  },
  tcase_attach_eth_to_bridge: {
    words: "[--dev=eth1]",
    about: "make the node's interface a port of BR, which gets its addresses",
    options: ["__dev"],
    text: ({ node }) => `Attach the node's interface to ${node.settings.bridge}`,
    run: ({ job, node, variables }) => attachNode(job, node, variables["__dev"]),
  },
  tcase_ping_all_random: {
    about: "ping_all_random",
    text: () => "Ping all shuffled addresses of nodes and pods",
    run: async ({ node }) => (await import("./pings.ts")).pingRandom(node),
  },
  tcase_setup_overlay: {
    words: "[--net=1] [--dev=eth1] [--type=TYPE] [--underlay=WHERE]",
    about: "setup_overlay",
    options: ["__dev", "__type", "__underlay"],
    text: () => "Set up an overlay to the pods of other nodes",
    run: ({ job, node, variables }) => overlay(job, node, overlayOptions(variables)),
  },
  tcase_ping_all_pods: {
    about: "ping_all_pods",
    text: () => "Ping the pods of all nodes",
    run: async ({ node }) => (await import("./pings.ts")).pingPods(node),
  },
  tcase_ipvlan: {
    words: "[--dev=eth1] [--mode=l2|l3|l3s] [--flags=bridge|private|vepa]",
    about: "add_ipvlan, shuffled addresses for pods and node",
    options: ["__dev", "__mode", "__flags"],
    text: () => "Give pods an ipvlan with shuffled addresses",
    run: ({ job, node, variables }) => {
      const master = variables["__dev"] ?? `eth${node.settings.net}`;
      childrenOf(job, node, master, { sharing: ipvlan(variables) });
      assignSome(job, node, { random: true });
      assignToBridge(job, node, nodeChild("ipvlan", master), { random: true });
    },
  },
  tcase_xbridge: {
    words: "[--mtu=BYTES] BR IFACE",
    about: "an isolated bridge with pods of its own and one interface",
    options: ["__mtu"],
    needs: [2, "Parameter missing"],
    text: ({ args }) => `Isolated bridge ${args[0]} on ${args[1]}`,
    run: ({ job, node, args: [bridge = "", device = ""], variables }) =>
      isolatedBridge(job, node, bridge, device, { ...mtuOf(variables), random: node.settings.randomCases }),
  },
  tcase_xnetns: {
    words: "IFACE...",
    about: "interfaces of the node in namespaces of their own, outside of the cluster",
    needs: [1, "Parameter missing"],
    text: ({ args }) => `External namespaces for ${args.join(" ")}`,
    run: ({ job, node, args }) => externals(job, node, args),
  },
  tcase_create_vlans: {
    words: "[--mtu=BYTES] MASTER.ID...",
    about: "802.1Q links",
    options: ["__mtu"],
    needs: [1, "Parameter missing"],
    text: ({ args }) => `Create VLANs ${args.join(" ")}`,
    run: ({ job, args, variables }) => createVlans(job, args.map(parseVlanName), mtuOf(variables).mtu),
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

function overlayOptions({ __dev, __type, __underlay }: Options): Parameters<typeof overlay>[2] {
  return {
    type: oneOf("--type", __type, overlayTypes),
    ...(__dev !== undefined && { device: __dev }),
    ...(__underlay !== undefined && { underlay: parseUnderlay(__underlay) }),
  };
}

function ipvlan({ __mode, __flags }: Options): Sharing {
  const mode = oneOf("--mode", __mode, ["l2", "l3", "l3s"]);
  return { kind: "ipvlan", mode, flags: oneOf("--flags", __flags, ["bridge", "private", "vepa"]) };
}

function macvlan({ __mode }: Options): Sharing {
  return { kind: "macvlan", mode: oneOf("--mode", __mode, ["bridge", "private", "vepa", "passthru"]) };
}

function share({ job, node, args, variables }: ActingCall, sharing: Sharing): void {
  childrenOf(job, node, args[0] ?? "", { sharing, ...someFrom(args, 1), ...mtuOf(variables) });
}

function status({ job, node, args, print }: ActingCall): void {
  const some = someFrom(args);
  const asked = some.count !== undefined;
  const names = asked ? node.pods(some).map(({ name }) => name) : ownNamespaces(job);
  const pods = statusOf(job, names);
  print(statusLines(pods), { pods });
  const wrong = asked ? pods.filter(({ state }) => state !== "up") : [];
  if (wrong.length > 0) {
    const said = wrong.map(({ name, state }) => `${name} is ${state}`).join(", ");
    throw new PodsError("failed", said, "netns_test create and veth make what is missing");
  }
}
