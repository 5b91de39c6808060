import { NetnsError, openNetns } from "../netns/index.ts";
import { type MatrixResult, type ProbeEnd, type ProbeOptions, runMatrix, sampleMatrix } from "../probe/index.ts";
import { type Fd, raiseFileLimit } from "../sys/index.ts";
import { type Ip, prefixIp } from "../values/index.ts";
import { driverOf } from "./driver/index.ts";
import { LabError } from "./error.ts";
import { matcher } from "./resolve/index.ts";
import { networksOn } from "./topology.ts";
import type { Expectation, NodeSpec, Topology } from "./topology.ts";

export interface TestOptions extends Omit<ProbeOptions, "owners"> {
  /** Judged after those of the lab's file: the last one that matches a pair counts. */
  readonly expect?: readonly Expectation[];
  /** Only pairs that begin or end at a name like this (`*` stands for anything). */
  readonly only?: string;
  /** Only this family. */
  readonly family?: 4 | 6;
  /** At most about so many pairs, spread over all; all if absent. */
  readonly most?: number;
}

/**
 * Asks every pod to reach every other pod, and every node to reach every pod, in each family.
 * @throws {LabError} `not-found` when the lab is not up; {ProbeError}
 */
export async function testLab(topology: Topology, options: TestOptions = {}): Promise<MatrixResult> {
  const { expect = [], only, family, most = Infinity, ...probe } = options;
  raiseFileLimit();
  const fds: Fd[] = [];
  try {
    const ends = endsOf(topology, fds);
    const judge = expectationOf(topology, expect);
    const fits = matcher(only ?? "*");
    const pairs = sampleMatrix(ends.pods, ends.nodes, most, (from, to) => judge(from.name, to.name)).filter(
      ({ from, to, address }) =>
        (fits(from.name) || fits(to.name)) && (family === undefined || address.includes(":") === (family === 6)),
    );
    return await runMatrix(pairs, { ...probe, owners: ownersOf(topology) });
  } finally {
    for (const fd of fds) fd.close();
  }
}

function endsOf(
  topology: Topology,
  fds: Fd[],
): { readonly pods: readonly ProbeEnd[]; readonly nodes: readonly ProbeEnd[] } {
  const held = (netns: string): Fd => {
    try {
      const fd = openNetns(netns);
      fds.push(fd);
      return fd;
    } catch (error) {
      if (!(error instanceof NetnsError)) throw error;
      throw new LabError(
        "not-found",
        `lab ${topology.name} is not (wholly) up: namespace ${netns} is missing; run 'netloom up'`,
        error,
      );
    }
  };
  const end = (name: string, netns: string, addrs: readonly Ip[], dev?: ProbeEnd["dev"]): ProbeEnd => ({
    name,
    netns: held(netns),
    addrs,
    ...(dev === undefined ? {} : { dev }),
  });
  return {
    pods: topology.nodes.flatMap(({ pods }) =>
      pods.map(({ name, netns, addrs, ifname }) => end(name, netns, addrs.map(prefixIp), ifname)),
    ),
    nodes: topology.nodes.map((node) => {
      const [first] = networksOn(topology, node.name);
      return end(node.name, node.netns, nodeAddrs(topology, node), first?.node.bridge ?? node.uplinks[0]?.dev);
    }),
  };
}

function nodeAddrs(topology: Topology, { name, uplinks }: NodeSpec): Ip[] {
  const gateways = networksOn(topology, name).flatMap(({ node }) => node.gateways);
  return [...gateways, ...uplinks.flatMap(({ addrs }) => addrs)].map(prefixIp);
}

/** Who shall reach whom: what follows from the networks, then what the file and the caller say. */
export function expectationOf(
  topology: Topology,
  more: readonly Expectation[] = [],
): (from: string, to: string) => boolean {
  const rules = [...topology.expectations, ...more].map(({ from, to, reach }) => ({
    from: matcher(from),
    to: matcher(to),
    reach,
  }));
  const usually = natureOf(topology);
  return (from, to) => rules.findLast((rule) => rule.from(from) && rule.to(to))?.reach ?? usually(from, to);
}

/** Who reaches whom by drivers and joins: members of a network that both are in. */
function natureOf({ networks }: Topology): (from: string, to: string) => boolean {
  const natures = networks.map(({ nodes, driver, join }) => ({
    home: new Map(nodes.flatMap((node) => [node, ...node.pods].map(({ name }) => [name, node.name] as const))),
    joined: join.kind !== "none",
    reach: driverOf(driver).reach,
  }));
  return (from, to) =>
    natures.some(({ home, joined, reach }) => {
      const [here, there] = [home.get(from), home.get(to)];
      if (here === undefined || there === undefined) return false;
      const isNode = from === here;
      if (here === there) return isNode ? reach.ownPods : reach.siblings;
      return joined && (!isNode || reach.othersPods);
    });
}

function ownersOf(topology: Topology): (ip: Ip) => string | undefined {
  const owners = new Map(
    topology.nodes.flatMap((node) => nodeAddrs(topology, node).map((ip) => [ip, node.name] as const)),
  );
  return (ip) => owners.get(ip);
}
