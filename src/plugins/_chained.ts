/** What plugins have in common that come after another in a chain. */
import type { LinkFact, NetnsFacts } from "../change/index.ts";
import { type Attachment, type Call, CniError, POD, type Result, type Work, codes } from "../cni/index.ts";
import { type Fd, lockFile, tryOpenFile } from "../sys/index.ts";

/** The result of the plugin before. @throws {CniError} 7 where there is none */
export function prevResultOf({ command, prevResult }: Call, plugin: string): Result {
  if (prevResult !== undefined) return prevResult;
  throw new CniError(
    codes.invalidConfig,
    `cannot ${command}: ${plugin} must come after another plugin`,
    `at prevResult: it is missing; put ${plugin} behind a plugin that makes an interface, such as bridge, in a list of plugins`,
  );
}

/** The container's interface. @throws {CniError} 102 */
export function podLink({ kernel }: Work, { ifname, netns, command }: Call): LinkFact {
  const link = kernel.link(POD, ifname);
  if (link !== undefined) return link;
  throw new CniError(
    command === "CHECK" ? codes.checkFailed : codes.missing,
    `cannot ${command}: there is no interface ${ifname} in the container's namespace`,
    `CNI_IFNAME=${ifname}, CNI_NETNS=${netns}: the plugin before makes it, or it was deleted since`,
  );
}

/** All that is in the container; of a container that is seldom much. @throws {CniError} 102 */
export function podFacts({ kernel }: Work): NetnsFacts {
  const facts = kernel.facts({ namespaces: [POD], neighbours: () => false }).get(POD);
  if (facts === undefined) throw new CniError(codes.missing, "the container's network namespace is gone");
  return facts;
}

/**
 * Nobody else chooses tables in the container meanwhile. It is the lock of the reference's sbr, on the namespace's own file,
 * which is never made for it.
 */
export function lockNetns({ netns }: Call, { dry }: Work): Fd | undefined {
  const fd = dry ? undefined : tryOpenFile(netns);
  if (fd !== undefined) lockFile(fd, true);
  return fd;
}

/** What CHECK says of one difference. */
export function differs(what: string, is: string, shouldBe: string, where: string): CniError {
  return new CniError(
    codes.checkFailed,
    `${what} is ${is}, not ${shouldBe}`,
    `at ${where}: somebody changed it after ADD`,
  );
}

/** Does GC keep what belongs to this attachment? */
export function isValid(valid: readonly Attachment[], containerID: string, ifname: string): boolean {
  return valid.some((one) => one.containerID === containerID && one.ifname === ifname);
}

/** Does each, goes on after failures, and throws them together. @throws {CniError} */
export function forEachToTheEnd<T>(items: Iterable<T>, doing: string, body: (item: T) => void): void {
  const failures: string[] = [];
  for (const item of items) {
    try {
      body(item);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      failures.push(error.message);
    }
  }
  if (failures.length === 0) return;
  throw new CniError(
    codes.kernel,
    `${doing}: ${failures.length} of it failed: ${failures[0]}`,
    failures.slice(1).join("; "),
  );
}
