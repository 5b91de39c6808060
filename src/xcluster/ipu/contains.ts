import { type Printed, printed, refused } from "../printed.ts";
import { atoi } from "./c-number.ts";
import { inetPton } from "./inet.ts";

const inside = printed("");
const outside: Printed = { exit: 1, stdout: "", stderr: "" };

/** `ipu contains`: status 0 where the address is within the range, 1 where it is not, and nothing printed. Length 0 holds everything, whatever it is. */
export function containsAddress(cidr: string, address: string | undefined): Printed {
  if (address === undefined) return refused("No address");
  const slash = cidr.indexOf("/");
  if (slash < 0) return refused("Invalid cidr");
  const length = atoi(cidr.slice(slash + 1));
  if (length === 0) return inside;
  const range = cidr.slice(0, slash);
  const family = range.includes(":") ? 6 : 4;
  if (address.includes(":") !== (family === 6)) return outside;
  if (length < 0 || length > (family === 6 ? 128 : 32)) return refused("Invalid mask");
  const asked = inetPton(family, address);
  if (asked === undefined) return refused(`Invalid address [${address}]`);
  const base = inetPton(family, range);
  if (base === undefined) return refused(`Invalid cidr [${family === 6 ? range : cidr}]`);
  const same = base.every((byte, at) => {
    const own = Math.min(8, Math.max(0, length - at * 8));
    return (byte ^ (asked[at] ?? 0)) >> (8 - own) === 0;
  });
  return same ? inside : outside;
}
