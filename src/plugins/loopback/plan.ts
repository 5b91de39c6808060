import type { LinkFact, Op } from "../../change/index.ts";
import { CniError, type Result, codes } from "../../cni/index.ts";
import { type Ip, familyOf, parseIfName, prefixIp } from "../../values/index.ts";

/** Whatever CNI_IFNAME says: a namespace has one loopback device, and its name is fixed. */
export const LO = "lo";

/** Brings the device up or takes it down, where it is not so yet. */
export function planState(netns: string, lo: LinkFact, up: boolean): readonly Op[] {
  return lo.up === up ? [] : [{ do: "link.set", netns, name: parseIfName(LO), set: { up }, was: { up: lo.up } }];
}

/**
 * The device with its first address of each family, which the kernel gives it when it comes up.
 * @throws {CniError} 101 when the first is no loopback address: somebody uses the device for something else
 */
export function resultOf(lo: LinkFact, sandbox: string): Result {
  const firstOf = (family: 4 | 6) => lo.addrs.find(({ prefix }) => familyOf(prefix) === family);
  const first = [firstOf(4), firstOf(6)].filter((addr) => addr !== undefined);
  const foreign = first.find(({ prefix }) => !isLoopback(prefixIp(prefix)));
  if (foreign !== undefined) {
    throw new CniError(
      codes.exists,
      `the loopback device has ${foreign.prefix}, which is no loopback address`,
      `remove it: ip address del ${foreign.prefix} dev ${LO} (in ${sandbox})`,
    );
  }
  return {
    interfaces: [{ name: LO, mac: "00:00:00:00:00:00", sandbox }],
    ips: first.map(({ prefix }) => ({ address: prefix, interface: 0 })),
  };
}

/** RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3. */
function isLoopback(ip: Ip): boolean {
  return ip === "::1" || (familyOf(ip) === 4 && ip.startsWith("127."));
}
