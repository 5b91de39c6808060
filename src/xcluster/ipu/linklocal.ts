import { type Printed, printed, refused } from "../printed.ts";
import { inetNtop } from "./inet.ts";

/** `ipu linklocal`: the link-local address that IPv6 makes of a MAC by itself (RFC 4291 appendix A). */
export function linklocal(mac: string | undefined): Printed {
  if (mac === undefined) return refused("No mac-address");
  const octets = etherAton(mac);
  if (octets === undefined) return refused(`Invalid MAC [${mac}]`);
  const [first = 0, second = 0, third = 0, ...last] = octets;
  const id = [first ^ 0x02, second, third, 0xff, 0xfe, ...last];
  return printed(`${inetNtop(Uint8Array.from([0xfe, 0x80, 0, 0, 0, 0, 0, 0, ...id]))}\n`);
}

/** ether_aton(3) of glibc: one or two digits an octet; after two digits of the last anything may follow, after one a blank. */
function etherAton(text: string): readonly number[] | undefined {
  const five = "([0-9a-f]{1,2}):".repeat(5);
  const octets = new RegExp(`^${five}([0-9a-f]{2}|[0-9a-f](?=[ \\t\\n\\v\\f\\r]|$))`, "i").exec(text)?.slice(1);
  return octets?.map((octet) => Number.parseInt(octet, 16));
}
