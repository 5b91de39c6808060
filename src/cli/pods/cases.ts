import {
  assignSome,
  assignToBridge,
  attachNode,
  childrenOf,
  createSome,
  createVlans,
  createWithAddresses,
  defaultRoutes,
  externals,
  forward,
  isolatedBridge,
  linuxBridge,
  nodeChild,
  nodeRoutes,
  overlay,
  parseVlanName,
  shuffling,
} from "../../pods/index.ts";
import { version } from "../../../package.json";
import { type Acting, gatewayHostOf, mtuOf, someFrom } from "./acting.ts";
import { ipvlan, overlayOptions } from "./commands.ts";

/** The test cases of `netns_test`: steps of its topologies, each told in the log. */
export const cases: Readonly<Record<string, Acting>> = {
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
  tcase_create: {
    words: "[count] [first]",
    about: "create",
    text: () => "Create pods",
    run: ({ job, node, args }) => createSome(job, node, someFrom(args)),
  },
  tcase_create_with_addresses: {
    words: "[--mtu=BYTES] [count] [first]",
    about: "create, veth, assign_addresses (--random if RNDADR=yes)",
    options: ["__mtu"],
    text: () => "Create pods with addresses",
    run: ({ job, node, args, variables }) =>
      createWithAddresses(job, node, {
        ...someFrom(args),
        ...mtuOf(variables),
        random: node.settings.randomCases,
      }),
  },
  tcase_forward: { about: "make the node a router", text: () => "Forward packets", run: ({ job }) => forward(job) },
  tcase_linux_bridge: {
    words: "[--mtu=BYTES] [--gateway-host=N]",
    about: "a bridge BR with the node's address and the pods as ports",
    options: ["__mtu", "__gateway_host"],
    text: ({ node }) => `Connect pods to the bridge ${node.settings.bridge}`,
    run: ({ job, node, variables }) =>
      linuxBridge(job, node, {
        ...mtuOf(variables),
        ...gatewayHostOf(variables),
        random: node.settings.randomCases,
      }),
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
  tcase_setup_routes: {
    words: "[--net=1]",
    about: "setup_routes",
    text: () => "Set up routes to the pods of other nodes",
    run: ({ job, node }) => nodeRoutes(job, node),
  },
  tcase_setup_overlay: {
    words: "[--net=1] [--dev=eth1] [--type=TYPE]",
    about: "setup_overlay",
    options: ["__dev", "__type"],
    text: () => "Set up an overlay to the pods of other nodes",
    run: ({ job, node, variables }) => overlay(job, node, overlayOptions(variables)),
  },
  tcase_default_route: {
    words: "[--bridge=BR]",
    about: "set_default_route via BR",
    options: ["__bridge"],
    text: ({ node }) => `Set default routes in pods via ${node.settings.bridge}`,
    run: ({ job, node, variables }) =>
      defaultRoutes(job, node, { bridge: variables["__bridge"] ?? node.settings.bridge }),
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
