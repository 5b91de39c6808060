import { raiseFileLimit, readSysctl } from "../../sys/index.ts";
import type { Topology } from "../topology.ts";
import { featureFindings } from "./features.ts";
import { type DoctorReport, type Finding, reportOf } from "./finding.ts";
import { tryAllAsUser } from "./as-user.ts";
import { hostFindings, hostKeys } from "./host.ts";
import { needsOf, neighboursOf } from "./needs.ts";
import { tryAll } from "./scratch.ts";
import { isTriedFor, switchFindings } from "./switches.ts";

export type { DoctorReport, Finding, Verdict } from "./finding.ts";

/**
 * What this host can do for labs, and for this one if given. Kernel features are tried, in a namespace that is gone
 * afterwards; nothing is changed. @throws {NetlinkError} `protocol`
 */
export function examine(topology?: Topology): DoctorReport {
  const uid = process.geteuid?.() ?? 0;
  const outcomes = uid === 0 ? tryAll() : tryAllAsUser();
  const sysctls = new Map(
    hostKeys.flatMap((key) => {
      const value = readSysctl(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
  const host = {
    uid,
    namespaces: outcomes.get("namespaces"),
    sysctls,
    files: raiseFileLimit(),
    needsNeighbours: topology === undefined ? 0 : neighboursOf(topology),
  };
  const needs = needsOf(topology);
  return reportOf([...hostFindings(host), ...featureFindings(outcomes, needs), ...switchFindings(outcomes, needs)]);
}

/** What this host lacks of the kernel features and programs that a lab needs, each with its fix; nothing else is tried. */
export function lackingFor(topology: Topology): readonly Finding[] {
  const needs = needsOf(topology);
  const outcomes = tryAll((id) => needs.has(id) || isTriedFor(id, needs));
  const findings = [...featureFindings(outcomes, needs), ...switchFindings(outcomes, needs)];
  return findings.filter(({ required, verdict }) => required && verdict === "missing");
}
