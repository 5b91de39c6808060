import type { JsonObject } from "../../cni/index.ts";
import { type NetworkList, capabilitiesOf } from "../../cni/runtime/index.ts";

/** What to tell a person whose values no plugin of the network gets. */
export function uselessNote(list: NetworkList, values: JsonObject = {}): string | undefined {
  const taken = capabilitiesOf(list);
  const useless = Object.keys(values).filter((name) => !taken.includes(name));
  if (useless.length === 0) return undefined;
  const [name = ""] = useless;
  const example = JSON.stringify({ capabilities: { [name]: true } }).slice(1, -1);
  return `no plugin of network ${list.name} takes ${useless.join(", ")}: one that does says ${example}`;
}
