import { nearest } from "../../values/index.ts";
import type { IfName } from "../../values/index.ts";
import type { LabFile, Path } from "../file/index.ts";
import type { ImpairmentSpec, Topology } from "../topology.ts";
import type { Issues } from "./_issues.ts";
import { matcher } from "./pattern.ts";

/** What has links. */
type Cabled = Pick<Topology, "nodes" | "externals" | "networks" | "fabric">;

interface End {
  readonly netns: string;
  readonly dev: IfName;
}

/** A cable: the named end, and the one at the switch. */
interface Cable {
  readonly named: string;
  readonly own: End;
  /** None where a device stands on another one. */
  readonly other?: End;
  /** CNI plugins make it, and nobody knows how yet. */
  readonly later: boolean;
}

/** What is done to which interface; of several that match one, later keys win. */
export function impairmentsOf(
  lab: LabFile,
  { nodes, externals, networks, fabric }: Cabled,
  issues: Issues,
): readonly ImpairmentSpec[] {
  const { links } = lab.spec;
  if (links.length === 0) return [];
  const cables = cablesOf({ nodes, externals, networks, fabric });
  const found = new Map<string, ImpairmentSpec>();
  links.forEach(({ on, direction, rate, delay, jitter, loss }, at) => {
    const what = {
      ...(rate === undefined ? {} : { rate }),
      ...(delay === undefined ? {} : { delay }),
      ...(jitter === undefined ? {} : { jitter }),
      ...(loss === undefined ? {} : { loss }),
    };
    const patterns = typeof on === "string" ? [on] : on;
    patterns.forEach((pattern, place) => {
      const path: Path = ["links", at, "on", ...(typeof on === "string" ? [] : [place])];
      for (const { named, own, other, later } of select(pattern, cables, path, issues)) {
        if (later) {
          issues.add(path, "CNI plugins make this link when the lab is up", "use netloom impair then, or name a node");
          continue;
        }
        if (other === undefined && direction !== "out") {
          const what = `${own.dev} of ${named} stands on another interface and has no other end of its own`;
          issues.add(path, what, "write direction: out, or name the interface below");
          continue;
        }
        const ends = [
          ...(direction === "in" ? [] : [own]),
          ...(direction === "out" || other === undefined ? [] : [other]),
        ];
        for (const end of ends) {
          const key = `${end.netns}/${end.dev}`;
          found.set(key, { ...found.get(key), ...what, ...end });
        }
      }
    });
  });
  return [...found.values()];
}

function cablesOf({ nodes, externals, networks, fabric }: Cabled): ReadonlyMap<string, readonly Cable[]> {
  const cables = new Map<string, readonly Cable[]>();
  for (const { name, netns, uplinks } of [...nodes, ...externals]) {
    cables.set(
      name,
      uplinks.map(({ dev, port }) => ({
        named: name,
        own: { netns, dev },
        later: false,
        ...(port === undefined ? {} : { other: { netns: fabric, dev: port } }),
      })),
    );
  }
  for (const { driver, nodes: own } of networks) {
    for (const node of own) {
      for (const { name, netns, ifname, port } of node.pods) {
        const other = port === undefined ? {} : { other: { netns: node.netns, dev: port } };
        cables.set(name, [{ named: name, own: { netns, dev: ifname }, later: driver.kind === "cni", ...other }]);
      }
    }
  }
  return cables;
}

function select(
  pattern: string,
  cables: ReadonlyMap<string, readonly Cable[]>,
  path: Path,
  issues: Issues,
): readonly Cable[] {
  const colon = pattern.indexOf(":");
  const name = colon < 0 ? pattern : pattern.slice(0, colon);
  const dev = colon < 0 ? "*" : pattern.slice(colon + 1);
  const fitsDev = matcher(dev);
  const named = name.includes("*") ? [...cables].flatMap(matching(name)) : (cables.get(name) ?? []);
  const chosen = named.filter(({ own }) => fitsDev(own.dev));
  if (chosen.length > 0) return chosen;
  if (named.length > 0) {
    const devs = [...new Set(named.map(({ own }) => own.dev))];
    issues.add(path, `"${name}" has no interface "${dev}"`, `it has ${devs.join(", ")}`);
  } else if (cables.has(name)) {
    issues.add(
      path,
      `node ${name} is on no LAN, so it has no link to do this to`,
      "give the lab an underlay, or name a pod",
    );
  } else {
    const guess = nearest(name, cables.keys());
    const hint =
      guess === undefined
        ? 'names are like vm-001 and vm-001-ns01, and "*" stands for anything'
        : `did you mean "${guess}"?`;
    issues.add(path, `no node, pod or external is named "${name}"`, hint);
  }
  return [];
}

function matching(name: string): (entry: readonly [string, readonly Cable[]]) => readonly Cable[] {
  const fits = matcher(name);
  return ([each, cables]) => (fits(each) ? cables : []);
}
