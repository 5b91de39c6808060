import type { LinkFact, Op } from "../../change/index.ts";
import { HOST, POD } from "../../cni/index.ts";
import type { IfName } from "../../values/index.ts";

/** The device goes to the container, where its alias tells the name it had: in the form of the reference, so that both can undo it. */
export function planMoveIn(link: LinkFact, pod: IfName): readonly Op[] {
  const { name, up, addrs, alias = "" } = link;
  const lost = addrs
    .filter(({ fromKernel }) => !fromKernel)
    .map(({ prefix, noDad }): Op => ({
      do: "addr.add",
      netns: HOST,
      dev: name,
      addr: { prefix, ...(noDad && { noDad }) },
    }));
  return [
    {
      do: "link.move",
      netns: HOST,
      name,
      to: { netns: POD, name: pod },
      was: { up },
      ...(lost.length > 0 && { lost }),
    },
    { do: "link.set", netns: POD, name: pod, set: { alias: name }, was: { alias } },
  ];
}

/** The device comes back under its name, and stays down. */
export function planMoveOut(link: LinkFact, name: IfName): readonly Op[] {
  return [
    { do: "link.move", netns: POD, name: link.name, to: { netns: HOST, name } },
    { do: "link.set", netns: HOST, name, set: { alias: "" }, was: { alias: name } },
  ];
}
