import { identity } from "../sys/index.ts";
import { CniError, codes } from "./error.ts";
import type { Call } from "./plugin.ts";

/** The calling thread's network namespace. */
const OWN = "/proc/thread-self/ns/net";

/**
 * Whether the namespace of CNI_NETNS is there to work in. DEL does without: a path that is gone, or behind which a namespace no
 * longer is (an unmounted pin leaves a plain file), is no error; nor is it for a plugin that does not go there.
 * @param ownAllowed - CNI_NETNS may be the plugin's own namespace
 * @param isEntered - the plugin works in it; IPAM may be asked for addresses before there is a container, or by who has none
 * @throws {CniError} 102, 8
 */
export function checkSandbox(
  { command, netns }: Pick<Call, "command" | "netns">,
  ownAllowed: boolean,
  isEntered = true,
): boolean {
  if (netns === "" || command === "STATUS" || command === "GC") return false;
  const own = identity(OWN);
  const there = identity(netns);
  if (own === undefined) throw new CniError(codes.missing, `cannot ${command}: /proc is not mounted`);
  const isNamespace = there !== undefined && deviceOf(there) === deviceOf(own);
  if (!isNamespace) {
    if (command === "DEL" || !isEntered) return false;
    const why = there === undefined ? "there is no such file" : "no namespace is behind it";
    throw new CniError(
      codes.missing,
      `cannot ${command}: network namespace ${netns}: ${why}`,
      "CNI_NETNS: write the path of a network namespace, such as /run/netns/NAME or /proc/PID/ns/net",
    );
  }
  if (there === own && !ownAllowed) {
    throw new CniError(
      codes.badNetns,
      `cannot ${command}: ${netns} is the plugin's own network namespace`,
      "CNI_NETNS: write the container's; CNI_NETNS_OVERRIDE=1 allows it",
    );
  }
  return true;
}

/** All namespaces are files of one file system, nsfs. */
function deviceOf(id: string): string {
  return id.slice(0, id.lastIndexOf(":"));
}
