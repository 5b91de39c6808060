import * as z from "zod";

import { parseIfName } from "../../values/index.ts";
import { addresses } from "./_addresses.ts";
import { driver } from "./_driver.ts";
import { join } from "./_join.ts";
import { memberName } from "./_names.ts";
import { oneOrMore, parsed, strict } from "./_parts.ts";
import { podInterface, pods } from "./_pods.ts";

const cniNetwork = strict({
  conflist: z.union([z.string().min(1), z.record(z.string(), z.unknown())]).meta({
    description:
      "A network configuration list, or the path of its file. `<lab>`, `<node>`, `<ipv4>`, `<ipv6>` (the node's pod networks) and `<mtu>` in it are filled in for each node.",
    examples: [
      "10-net.conflist",
      {
        cniVersion: "1.0.0",
        name: "net",
        plugins: [{ type: "bridge", isGateway: true, ipam: { type: "host-local", subnet: "<ipv4>" } }],
      },
    ],
  }),
  path: oneOrMore(z.string().min(1))
    .optional()
    .meta({
      description: "Folders of plugins, as CNI_PATH. Default: netloom's own.",
      examples: ["/opt/cni/bin"],
    }),
});

const keys = {
  nodes: oneOrMore(z.string().min(1))
    .optional()
    .meta({
      description: "The nodes it is on; `*` stands for any text. One or a list. Default: all.",
      examples: ["vm-001", ["vm-001", "edge-*"]],
    }),
  bridge: parsed(parseIfName)
    .optional()
    .meta({
      description: "What the bridge is called on the nodes. Default: `br0`; of one of `networks`, its name.",
      examples: ["br0", "cbr0"],
    }),
  driver,
  masquerade: z
    .boolean()
    .default(false)
    .meta({
      description: "What pods send over a LAN to others than pods leaves with their node's address.",
      examples: [true],
    }),
  cni: cniNetwork.optional().meta({
    description: "The network of driver `cni`.",
    examples: [{ conflist: "10-net.conflist", path: "/opt/cni/bin" }],
  }),
  join,
} as const;

/** What connects the pods of a node, and the nodes. */
export const network = strict(keys).superRefine(checkNetwork);

/** One of several networks, with what is its own. */
export const namedNetwork = strict({
  name: memberName.meta({ description: "The network's name.", examples: ["br2"] }),
  pods: pods.optional().meta({ description: "Its pods. Default: as `pods` at the top.", examples: [2] }),
  addresses: addresses.optional().meta({
    description: "Its pods' addresses. Default: as `addresses` at the top.",
    examples: [{ ipv4: "10.1.0.0/16/24" }],
  }),
  interface: podInterface
    .optional()
    .meta({ description: "The interface inside its pods. Default: as `interface` at the top.", examples: ["eth0"] }),
  ...keys,
}).superRefine(checkNetwork);

type Checked = Pick<z.output<typeof network>, "driver" | "cni" | "join" | "bridge">;

function checkNetwork(value: Checked, context: z.core.$RefinementCtx<unknown>): void {
  const add = (path: readonly string[], message: string): void =>
    context.addIssue({ code: "custom", path: [...path], message, input: value });
  if (value.driver.kind === "cni" && value.bridge !== undefined)
    add(["bridge"], 'plugins make their own bridge; with driver "cni" write its name in the conflist');
  if ((value.driver.kind === "ipvlan" || value.driver.kind === "macvlan") && value.bridge !== undefined)
    add(
      ["bridge"],
      `with driver "${value.driver.kind}" pods stand on the LAN's interface, and there is no bridge; leave it out`,
    );
  if (value.driver.kind === "cni" && value.cni === undefined)
    add(["driver"], 'driver "cni" needs a network; give "cni" with a "conflist"');
  if (value.driver.kind !== "cni" && value.cni !== undefined)
    add(["cni"], 'a CNI network is used by driver "cni" only; write driver: cni');
  if (
    value.driver.kind === "cni" &&
    (value.join === "l2" || (typeof value.join === "object" && value.join.kind === "l2"))
  )
    add(
      ["join"],
      'join "l2" puts the LAN into a bridge of netloom\'s; with driver "cni" join by routes, vxlan, ip6tnl or none',
    );
}
