import { type Ip, type Prefix, familyOf } from "../values/index.ts";

/** Address families of linux/socket.h that rtnetlink speaks. */
export const AF = { UNSPEC: 0, INET: 2, BRIDGE: 7, INET6: 10, MPLS: 28 } as const;

/** `AF_INET` or `AF_INET6`. */
export function familyNumber(value: Ip | Prefix): number {
  return familyOf(value) === 4 ? AF.INET : AF.INET6;
}

/** AF_UNSPEC asks for the tables of all families at once. */
export function familyOrBoth(family: 4 | 6 | undefined): number {
  if (family === undefined) return AF.UNSPEC;
  return family === 4 ? AF.INET : AF.INET6;
}
