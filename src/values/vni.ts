import type { Brand } from "./_brand.ts";
import { ValueError } from "./error.ts";

/** A VXLAN network identifier: 24 bits (RFC 7348 section 5). */
export type Vni = Brand<number, "Vni">;

const maxVni = 2 ** 24 - 1;

/** Checks a VXLAN network identifier. Throws {@link ValueError} `bad-vni`. */
export function parseVni(n: number): Vni {
  if (!Number.isInteger(n) || n < 0 || n > maxVni) {
    throw new ValueError("bad-vni", String(n), `${n} is not a VNI: give a whole number from 0 to ${maxVni}`);
  }
  return n as Vni;
}
