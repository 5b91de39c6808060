/** What main plugins leave to an IPAM plugin, and when. */
import type { Op } from "../change/index.ts";
import { type Call, CniError, type Result, Section, type Work, codes } from "../cni/index.ts";

const CHOOSERS = new Set(["host-local", "static"]);

/** Whether an IPAM plugin chooses addresses and does no more. Others (DHCP) use the link. */
export function onlyChooses(ipam: string): boolean {
  return CHOOSERS.has(ipam);
}

/** Makes a link with what IPAM gives. Returns that; nothing without IPAM. */
export async function attach(
  call: Call,
  work: Work,
  ipam: string | undefined,
  make: () => readonly Op[],
  configure: (addresses: Result | undefined) => readonly Op[],
): Promise<Result | undefined> {
  if (ipam === undefined) {
    warnOfNoType(call, work);
    work.run([...make(), ...configure(undefined)]);
    return undefined;
  }
  // Of those that only choose, a failure is known before a link is made.
  if (!onlyChooses(ipam)) work.run(make());
  const addresses = await addressesOf(work, ipam);
  work.run([...(onlyChooses(ipam) ? make() : []), ...configure(addresses)]);
  return addresses;
}

/** Without a type it is no IPAM, as with the reference; who says which addresses there are has meant something else. */
function warnOfNoType({ conf, network, ifname }: Call, work: Work): void {
  const [key] = Object.keys(new Section(conf).object("ipam")?.value ?? {}).filter(
    (one) => one.toLowerCase() !== "type",
  );
  if (key === undefined) return;
  work.warn(
    `network ${network}: ${ifname} gets no addresses, and nobody reads ipam.${key}: ipam.type is missing, such as host-local`,
  );
}

/** @throws {CniError} the delegate's own; 107 when it gave no address */
export async function addressesOf(work: Work, ipam: string): Promise<Result> {
  const result = await work.delegate(ipam, "ADD");
  if (result?.ips !== undefined && result.ips.length > 0) return result;
  throw new CniError(
    codes.delegate,
    `cannot ADD: the IPAM plugin ${ipam} gave no address`,
    "at ipam: say which addresses there are, or leave ipam away for an interface without addresses",
  );
}
