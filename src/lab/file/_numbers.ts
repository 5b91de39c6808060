import * as z from "zod";

const maxMembers = 100_000;
const quantity = z.int().max(maxMembers);

/** How many pods there are. */
export const count = quantity.min(0);
/** How many nodes there are. */
export const nodeCount = quantity.min(1);
/** A slot of an address template. */
export const number = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
/** Bytes of an IP packet. */
export const mtu = z.int().min(68).max(65_535);
/** What names members that are counted: `vm-%03d`. */
export const namePattern = z
  .string()
  .regex(/^[^%]*%(?:0[1-9])?d[^%]*$/, 'a name pattern has one number in it, written "%d" or with leading zeros "%03d"');
