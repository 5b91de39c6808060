import type { LinkFact } from "../change/index.ts";
import { type Call, HOST, POD, type Work } from "../cni/index.ts";
import { answered, podDifferences, podFacts, report } from "./_check.ts";
import type { OnMaster } from "./_single.ts";

/** Compares the one link that ADD made. `more` tells what of its kind differs. @throws {CniError} 105 */
export async function checkSingle(
  call: Call,
  work: Work,
  ipam: string | undefined,
  kind: string | undefined,
  more: (link: LinkFact) => readonly string[] = () => [],
): Promise<void> {
  const prev = answered(call);
  if (ipam !== undefined) await work.delegate(ipam, "CHECK");
  const facts = podFacts(work);
  const link = facts?.links.find(({ name }) => name === call.ifname);
  report([
    ...podDifferences(call, prev, facts, { ...(kind !== undefined && { kind }), up: true }),
    ...(link === undefined || (kind !== undefined && link.kind !== kind) ? [] : more(link)),
  ]);
}

/** How a setting of a link's kind differs. */
export function settingDifferences(
  { name, data }: LinkFact,
  key: string,
  what: string,
  wanted: unknown,
): readonly string[] {
  const is = (data as Readonly<Record<string, unknown>> | undefined)?.[key];
  return is === wanted ? [] : [`the ${what} of ${name} is ${String(is)}, not ${String(wanted)}`];
}

/** Whether a link stands on the device that the configuration names. Where it names none, the default route may be another by now. */
export function masterDifferences(
  { master, linkInContainer }: OnMaster,
  { name, lower, lowerIndex }: LinkFact,
  { kernel }: Work,
): readonly string[] {
  if (master === undefined) return [];
  const below = kernel.link(linkInContainer ? POD : HOST, master, { addrs: false });
  const isOnIt = below !== undefined && (linkInContainer ? lower === below.name : lowerIndex === below.index);
  return isOnIt ? [] : [`${name} does not stand on ${master}`];
}
