import { type Printed, printed, refused } from "../printed.ts";
import { atoi, cInt } from "./c-number.ts";
import { inetNtop, inetPton } from "./inet.ts";

/** The options of `ipu makeip`, as texts; absent where not given. */
export interface MakeipOptions {
  readonly cidr: string;
  readonly net?: string | undefined;
  readonly host?: string | undefined;
  readonly subnet?: string | undefined;
  readonly ipv6template?: string | undefined;
}

/** INET6_ADDRSTRLEN and room for two lengths. */
const LONGEST = 52;

/** `ipu makeip`: the address of a host in a net of a double-slash template. The order of the checks is part of it. */
export function makeip({ cidr, net = "0", host = "0", subnet, ipv6template }: MakeipOptions): Printed {
  const invalid = (): Printed => refused(`Invalid cidr [${cidr}]`);
  if (new TextEncoder().encode(cidr).length > LONGEST) return refused(`Too long cidr [${cidr}]`);
  const [address = "", first, second] = cidr.split("/");
  if (first === undefined) return invalid();
  const outer = cInt(first, 0);
  const inner = second === undefined ? outer : cInt(second, 0);
  const bits = address.includes(":") ? 128 : 32;
  const [hostNumber, netNumber] = [atoi(host), atoi(net)];
  if (bits === 128 && outer < 97) return refused("Can only handle /97 subnets and larger");
  if (bits === 128 && ipv6template !== undefined) return refused("Can't combine ipv6template and IPv6 addresses");
  if (outer > inner || inner > bits || outer <= 0) return invalid();
  if (netNumber >>> 0 >= 2 ** (inner - outer)) return refused(`Net too large [${netNumber}]`);
  if (hostNumber >>> 0 >= 2 ** (bits - inner)) return refused(`Host too large [${hostNumber}]`);
  const bytes = inetPton(bits === 128 ? 6 : 4, address);
  if (bytes === undefined) return refused(`Invalid address [${address}]`);
  const low = new DataView(bytes.buffer, bytes.length - 4);
  const slots = 2 ** (bits - outer);
  const value = low.getUint32(0) - (low.getUint32(0) % slots) + netNumber * 2 ** (bits - inner) + hostNumber;
  low.setUint32(0, value);
  const whole = ipv6template === undefined ? bytes : inetPton(6, ipv6template);
  if (whole === undefined) return refused(`Invalid IPv6 prefix [${ipv6template}]`);
  if (ipv6template !== undefined) whole.set(bytes, 12);
  if (subnet === undefined) return printed(`${inetNtop(whole)}\n`);
  const length = (atoi(subnet) === 1 ? outer : inner) + (ipv6template === undefined ? 0 : 96);
  return printed(`${inetNtop(whole)}/${length}\n`);
}
