import { NetnsError, openNetns } from "../netns/index.ts";
import { type MatrixResult, type ProbeEnd, type ProbeOptions, runMatrix, sampleMatrix } from "../probe/index.ts";
import { type Fd, raiseFileLimit } from "../sys/index.ts";
import { type Ip, familyOf, prefixIp } from "../values/index.ts";
import { takesCopies } from "./driver/index.ts";
import { LabError } from "./error.ts";
import { type Nature, natureOf } from "./nature.ts";
import { matcher } from "./resolve/index.ts";
import { addressesOf, mainOf, networksOn } from "./topology.ts";
import type { Expectation, NodeSpec, Topology } from "./topology.ts";

export interface TestOptions extends Omit<ProbeOptions, "owners" | "answerers"> {
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
 * Asks every pod and external to reach every other of them, and every node to reach all of them, in each family. Where several
 * have the same address, it is looked at who of them is asked.
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
    const pairs = sampleMatrix(ends.pods, ends.nodes, most, (from, to, address) =>
      judge(from.name, to.name, familyOf(address)),
    ).filter(
      ({ from, to, address }) =>
        (fits(from.name) || fits(to.name)) && (family === undefined || address.includes(":") === (family === 6)),
    );
    const retries = isInUserSpace(topology) ? LEAST_RETRIES : 0;
    return await runMatrix(pairs, {
      retries,
      ...probe,
      owners: ownersOf(topology),
      answerers: [...ends.pods, ...ends.nodes],
    });
  } finally {
    for (const fd of fds) fd.close();
  }
}

/**
 * A switch in user space forwards frame by frame and drops what a busy machine does not let it get to, above all when everybody asks
 * for everybody at once.
 */
const LEAST_RETRIES = 2;

function isInUserSpace({ networks }: Topology): boolean {
  return networks.some(({ driver }) => driver.kind === "ovs" && takesCopies(driver));
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
    pods: [
      ...topology.nodes.flatMap(({ pods }) =>
        pods.map(({ name, netns, addrs, ifname }) => end(name, netns, addrs.map(prefixIp), ifname)),
      ),
      ...topology.externals.map((external) => {
        const { addrs, dev } = mainOf(external);
        return end(external.name, external.netns, addrs.map(prefixIp), dev);
      }),
    ],
    nodes: topology.nodes.map((node) => {
      const [first] = networksOn(topology, node.name);
      return end(node.name, node.netns, nodeAddrs(topology, node), first?.node.bridge ?? node.uplinks[0]?.dev);
    }),
  };
}

const nodeAddrs = (topology: Topology, node: NodeSpec): Ip[] => addressesOf(topology, node).map(prefixIp);

/** Who shall reach whom: what follows from the networks, then what the file and the caller say. */
export function expectationOf(topology: Topology, more: readonly Expectation[] = []): Nature {
  const rules = [...topology.expectations, ...more].map(({ from, to, reach }) => ({
    from: matcher(from),
    to: matcher(to),
    reach,
  }));
  const usually = natureOf(topology);
  return (from, to, family) =>
    rules.findLast((rule) => rule.from(from) && rule.to(to))?.reach ?? usually(from, to, family);
}

function ownersOf(topology: Topology): (ip: Ip) => string | undefined {
  const owners = new Map(
    topology.nodes.flatMap((node) => nodeAddrs(topology, node).map((ip) => [ip, node.name] as const)),
  );
  return (ip) => owners.get(ip);
}
