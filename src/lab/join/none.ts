import { emptyPart } from "./port.ts";
import type { NetworkJoin } from "./port.ts";

/** Every node on its own. */
export const none: NetworkJoin<"none"> = {
  kind: "none",
  onLink: "net",
  overhead: () => undefined,
  needs: () => [],
  refuses: () => undefined,
  plan: () => () => emptyPart,
};
