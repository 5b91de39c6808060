/** firewalld, where it decides what is forwarded: a container's addresses belong to a zone. */
import { CniError, type Work, codes } from "../../cni/index.ts";
import { type Ip, familyOf } from "../../values/index.ts";
import { Bus, type BusError } from "./_bus.ts";
import type { FirewallConf } from "./schema.ts";

const NAME = "org.fedoraproject.FirewallD1";
const ZONE = { destination: NAME, path: "/org/fedoraproject/FirewallD1", interface: `${NAME}.zone` };

/** Whether firewalld is on the bus. */
export async function isRunning(): Promise<boolean> {
  using bus = await Bus.open();
  return bus !== undefined && (await bus.has(NAME));
}

/** Puts the addresses into the zone. @throws {CniError} 102 where it does not run, 100 */
export async function admit({ zone }: FirewallConf, work: Work, addresses: readonly Ip[]): Promise<void> {
  using bus = await Bus.open();
  if (bus === undefined || !(await bus.has(NAME))) {
    throw new CniError(
      codes.missing,
      "cannot tell firewalld of the container: firewalld does not run",
      "at backend: start firewalld, or write nftables",
    );
  }
  for (const source of addresses.map(sourceOf)) {
    const answer = await bus.call({ ...ZONE, member: "addSource", values: [zone, source] });
    if ("values" in answer) {
      work.undo(`take ${source} out of zone ${zone}`, () => withdraw(zone, source));
      continue;
    }
    // It is in it, or in another by the administrator's word.
    if (isSaid(answer, "ALREADY_ENABLED") || isSaid(answer, "ZONE_ALREADY_SET")) continue;
    throw refused(`put ${source} into zone ${zone}`, answer);
  }
}

async function withdraw(zone: string, source: string): Promise<void> {
  using bus = await Bus.open();
  await bus?.call({ ...ZONE, member: "removeSource", values: [zone, source] });
}

/** Takes the addresses out of the zone, if firewalld runs. @throws {CniError} 100 */
export async function dismiss({ zone }: FirewallConf, work: Work, addresses: readonly Ip[]): Promise<void> {
  if (work.dry) return;
  using bus = await Bus.open();
  if (bus === undefined || !(await bus.has(NAME))) return;
  for (const source of addresses.map(sourceOf)) {
    const answer = await bus.call({ ...ZONE, member: "removeSource", values: [zone, source] });
    const isGone = "values" in answer || isSaid(answer, "UNKNOWN_SOURCE") || isSaid(answer, "NOT_ENABLED");
    if (!isGone && !isSaid(answer, "INVALID_ZONE")) throw refused(`take ${source} out of zone ${zone}`, answer);
  }
}

/** The addresses that are not in the zone. */
export async function missing({ zone }: FirewallConf, addresses: readonly Ip[]): Promise<readonly string[]> {
  using bus = await Bus.open();
  const lost: string[] = [];
  for (const source of addresses.map(sourceOf)) {
    const answer = await bus?.call({ ...ZONE, member: "querySource", values: [zone, source] });
    if (answer === undefined || !("values" in answer) || answer.values[0] !== true) {
      lost.push(`${source} in firewalld's zone ${zone}`);
    }
  }
  return lost;
}

function sourceOf(ip: Ip): string {
  return `${ip}/${familyOf(ip) === 4 ? 32 : 128}`;
}

function isSaid({ text }: BusError, word: string): boolean {
  return text.includes(word);
}

function refused(doing: string, { error, text }: BusError): CniError {
  return new CniError(
    codes.kernel,
    `cannot ${doing}: firewalld refuses: ${text || error}`,
    "at firewalldZone: write a zone that firewalld has (firewall-cmd --get-zones)",
  );
}
