import type { JsonObject } from "../plugin.ts";
import { type Member, membersOf, objectOf, withMembers, withoutMembers } from "../raw.ts";
import type { ListedPlugin, NetworkList } from "./list.ts";

/** What the runtime puts into a plugin's configuration besides the network's name and version. */
export interface Insertion {
  /** The result before, or at DEL and CHECK that of the whole ADD, as JSON. */
  readonly prevResult?: string;
  /** What is supplied for capabilities; a plugin gets those it declares. */
  readonly capabilityArgs?: JsonObject;
  /** GC: what is still valid. */
  readonly valid?: readonly { readonly containerID: string; readonly ifname: string }[];
}

/**
 * The text that a plugin reads from its standard input (SPEC "Deriving request configuration from plugin configuration").
 * `capabilities` and a `prevResult` that somebody wrote into the file are left out; all else stays as it was written.
 */
export function requestConfig(
  { name, cniVersion }: Pick<NetworkList, "name" | "cniVersion">,
  plugin: Pick<ListedPlugin, "text" | "capabilities">,
  { prevResult, capabilityArgs = {}, valid }: Insertion = {},
): string {
  const runtimeConfig = Object.fromEntries(
    plugin.capabilities.filter((key) => Object.hasOwn(capabilityArgs, key)).map((key) => [key, capabilityArgs[key]]),
  );
  const attachments = valid === undefined ? [] : [JSON.stringify(valid)];
  const put: readonly Member[] = [
    { key: "cniVersion", value: JSON.stringify(cniVersion) },
    { key: "name", value: JSON.stringify(name) },
    ...(Object.keys(runtimeConfig).length === 0
      ? []
      : [{ key: "runtimeConfig", value: JSON.stringify(runtimeConfig) }]),
    ...(prevResult === undefined ? [] : [{ key: "prevResult", value: prevResult }]),
    // The second is what the specification of 1.1.0 first said (containernetworking/cni #1101).
    ...attachments.flatMap((value) =>
      ["cni.dev/valid-attachments", "cni.dev/attachments"].map((key) => ({ key, value })),
    ),
  ];
  const kept = withoutMembers(membersOf(plugin.text), ["capabilities", "prevResult"]);
  return objectOf(withMembers(kept, put));
}
