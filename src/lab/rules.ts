import type { Facts, Op, OpOf, Wish } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";

/** The ops that make the rules of nf_tables what is wished: the kernel compares them itself, in their own form. */
export function ruleOps(kernel: Kernel, wish: Wish, facts: Facts): readonly Op[] {
  return wish.namespaces.flatMap(({ name: netns, nft = [] }) =>
    nft.flatMap(({ table, owner, own }): readonly Op[] => {
      const isThere = facts.has(netns);
      if (own === undefined) {
        const has = isThere && kernel.ruleOwners(netns, table).includes(owner);
        return has ? [{ do: "nft.delete", netns, table, owner }] : [];
      }
      const put: OpOf<"nft.put"> = { do: "nft.put", netns, table, owner, own };
      return isThere && kernel.missingRules(put).length === 0 ? [] : [put];
    }),
  );
}
