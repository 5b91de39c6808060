import { missingPrograms } from "../../ovsdb/index.ts";
import type { Finding } from "./finding.ts";
import { verdictOf } from "./features.ts";
import type { Outcomes } from "./scratch.ts";

/** The trial whether the kernel forwards for Open vSwitch. */
const DATAPATH = "ovs.datapath";
/** The trial whether ovs-vswitchd can do it. */
const TAP = "ovs.tap";
/** What a lab needs that leaves the choice to netloom. */
export const EITHER = "ovs.datapath or tap";

const tapFix = "modprobe tun, or give this container the device (docker run --device /dev/net/tun)";

/** Whether a trial decides on a choice that is left to netloom. */
export const isTriedFor = (id: string, needed: ReadonlySet<string>): boolean =>
  needed.has(EITHER) && (id === DATAPATH || id === TAP);

/** What there is of Open vSwitch. */
export function switchFindings(
  outcomes: Outcomes,
  needed: ReadonlySet<string>,
  missing = missingPrograms(),
): readonly Finding[] {
  const isThere = missing.length === 0;
  const outcome = outcomes.get(DATAPATH);
  const verdict = verdictOf(outcome);
  const option = "CONFIG_OPENVSWITCH";
  const fix = `modprobe openvswitch, or a kernel built with ${option}; without it labs forward by ovs-vswitchd (datapath: netdev)`;
  const tap = outcomes.get(TAP);
  return [
    {
      id: "ovs.programs",
      topic: "switches",
      verdict: isThere ? "ok" : "missing",
      says: isThere
        ? "the programs of Open vSwitch"
        : `the programs of Open vSwitch: there is no ${missing.join(", ")}`,
      required: needed.has("ovs.programs"),
      ...(isThere ? {} : { fix: "apt-get install openvswitch-switch" }),
    },
    {
      id: DATAPATH,
      topic: "switches",
      verdict,
      says:
        outcome === undefined || outcome.ok
          ? "Open vSwitch in the kernel"
          : `Open vSwitch in the kernel: ${outcome.words}`,
      option,
      required: needed.has(DATAPATH),
      ...(verdict === "missing" ? { fix } : {}),
    },
    {
      id: TAP,
      topic: "switches",
      verdict: verdictOf(tap),
      says: tap === undefined || tap.ok ? "tap devices for it" : `tap devices for it: /dev/net/tun: ${tap.words}`,
      option: "CONFIG_TUN",
      required: needed.has(TAP) || (needed.has(EITHER) && verdict !== "ok"),
      ...(verdictOf(tap) === "missing" ? { fix: tapFix } : {}),
    },
  ];
}
