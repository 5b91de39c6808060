import type { LinkFact } from "../../change/index.ts";
import { CniError, POD, type Plugin, type Work, codes, specVersions } from "../../cni/index.ts";
import { LO, planState, resultOf } from "./plan.ts";

/** Brings a namespace's loopback device up; takes it down again at DEL. It has no configuration of its own. */
export const loopback: Plugin<undefined> = {
  name: "loopback",
  about: "brings the loopback device up",
  versions: specVersions,

  parse: () => undefined,

  add(_, { netns, prevResult }, work) {
    work.run(planState(POD, linkOf(work), true));
    return prevResult ?? resultOf(linkOf(work), netns);
  },

  del(_, _call, work) {
    if (work.pod) work.run(planState(POD, linkOf(work), false));
  },

  check(_, { netns }, work) {
    if (linkOf(work).up) return;
    throw new CniError(codes.checkFailed, `the loopback device in ${netns} is down`, "ADD brings it up");
  },
};

function linkOf(work: Work): LinkFact {
  const lo = work.kernel.link(POD, LO);
  if (lo === undefined) throw new CniError(codes.missing, "the namespace has no loopback device");
  return lo;
}
