import { SysError, readSmall } from "../sys/index.ts";

/**
 * Whether anybody here uses a table of the old iptables (x_tables). Those of the new one are tables of nf_tables, and need no
 * program to be read. Who is root of a user namespace alone may not know, and then there is none.
 */
export function hasOldIptables(table: string): boolean {
  return ["ip", "ip6"].some((family) => namesIn(`/proc/net/${family}_tables_names`).includes(table));
}

function namesIn(file: string): readonly string[] {
  try {
    return (readSmall(file) ?? "").split("\n");
  } catch (error) {
    // The file is of the machine's root, whoever owns the network namespace.
    if (error instanceof SysError && error.code === "EACCES") return [];
    throw error;
  }
}
