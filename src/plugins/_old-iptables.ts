import { readSmall } from "../sys/index.ts";

/**
 * Whether anybody here uses a table of the old iptables (x_tables). Those of the new one are tables of nf_tables, and need no
 * program to be read.
 */
export function hasOldIptables(table: string): boolean {
  return ["ip", "ip6"].some((family) =>
    (readSmall(`/proc/net/${family}_tables_names`) ?? "").split("\n").includes(table),
  );
}
