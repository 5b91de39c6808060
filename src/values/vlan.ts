import type { Brand } from "./_brand.ts";
import { ValueError } from "./error.ts";

/** A VLAN identifier that can be assigned: 1 to 4094 (IEEE 802.1Q table 9-2: 0 is "priority only", 4095 reserved). */
export type VlanId = Brand<number, "VlanId">;

/** Checks a VLAN identifier. Throws {@link ValueError} `bad-vlan`. */
export function parseVlanId(n: number): VlanId {
  if (!Number.isInteger(n) || n < 1 || n > 4094) {
    throw new ValueError(
      "bad-vlan",
      String(n),
      `${n} is not a VLAN id: give a whole number from 1 to 4094 (0 and 4095 are reserved)`,
    );
  }
  return n as VlanId;
}
