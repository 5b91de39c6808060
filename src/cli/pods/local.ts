import {
  PodsError,
  assignSome,
  assignToBridge,
  connectSome,
  createSome,
  createWithAddresses,
  defaultRoutes,
  deleteAll,
  deletePods,
  forward,
  linuxBridge,
  nodeRoutes,
  ownNamespaces,
  vethSome,
} from "../../pods/index.ts";
import { type Acting, type ActingCall, gatewayHostOf, mtuOf, someFrom } from "./acting.ts";
import { detach } from "./detach.ts";

/** Commands and test cases that make pods and join them to their node: the most used, loaded together. */
export const local: Readonly<Record<string, Acting>> = {
  create: {
    words: "[count] [first]",
    about: "make pods: a network namespace and a host name each",
    run: ({ job, node, args }) => createSome(job, node, someFrom(args)),
  },
  delete: {
    words: "[count] [first] | --all",
    about: "delete pods; with --all every one, and the bridges and tunnels that these commands made",
    options: ["__all"],
    run: remove,
  },
  list: { about: "the pods on this node", run: list },
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
  tcase_setup_routes: {
    words: "[--net=1]",
    about: "setup_routes",
    text: () => "Set up routes to the pods of other nodes",
    run: ({ job, node }) => nodeRoutes(job, node),
  },
  tcase_default_route: {
    words: "[--bridge=BR]",
    about: "set_default_route via BR",
    options: ["__bridge"],
    text: ({ node }) => `Set default routes in pods via ${node.settings.bridge}`,
    run: ({ job, node, variables }) =>
      defaultRoutes(job, node, { bridge: variables["__bridge"] ?? node.settings.bridge }),
  },
};

async function remove({ job, node, args, variables, print }: ActingCall): Promise<void> {
  const all = variables["__all"] === "yes";
  if (all && args.length > 0) {
    throw new PodsError("usage", "delete --all takes no numbers", "write delete --all, or delete [count] [first]");
  }
  const names = all ? ownNamespaces(job) : node.pods(someFrom(args)).map(({ name }) => name);
  await detach(job, node, names);
  if (!all) return deletePods(job, names);
  const kept: string[] = [];
  const deleted = await deleteAll(job, node, (text) => kept.push(text));
  print(kept, { deleted, kept });
}

function list({ job, print }: ActingCall): void {
  const names = ownNamespaces(job);
  print(names, { pods: names });
}
