/** STATUS: what ADD would miss. */
import type { LinkSpec } from "../change/index.ts";
import { CniError, HOST, type Work, codes } from "../cni/index.ts";
import { OpError } from "../kernel/index.ts";
import type { SharedTable } from "../nft/index.ts";
import { parseIfName, parseMac } from "../values/index.ts";
import type { MasqBackend } from "./_conf.ts";
import { notInPath, programOf } from "./_programs.ts";
import { type OnMaster, masterFor } from "./_single.ts";

/** No device can have a group's address: the kernel refuses after it has looked for the kind, and makes nothing. */
const impossible = parseMac("01:00:00:00:00:00");

/** @throws {CniError} 50 when the kernel cannot make links of the kind */
export function needKind({ kernel }: Work, kind: LinkSpec["kind"]): void {
  const name = parseIfName("nlprobe0");
  try {
    kernel.run([{ do: "link.add", netns: HOST, link: { name, kind, mac: impossible } as LinkSpec }]);
  } catch (error) {
    if (!(error instanceof OpError)) throw error;
    if (error.code !== "unsupported") return;
    throw new CniError(
      codes.notAvailable,
      `not ready: the kernel cannot make interfaces of kind ${kind}`,
      error.message,
    );
  }
  kernel.run([{ do: "link.delete", netns: HOST, name }]);
}

/** @throws {CniError} 50 when the kernel has no rules of nf_tables */
export function needNftables({ kernel }: Work, table: SharedTable): void {
  try {
    kernel.ruleOwners(HOST, table);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CniError(
      codes.notAvailable,
      "not ready: the kernel does not answer for nf_tables",
      `${error.message}; it needs CONFIG_NF_TABLES and CONFIG_NF_TABLES_${table.family.toUpperCase()}, or their modules`,
      { cause: error },
    );
  }
}

/** @param key - at which iptables is asked for @throws {CniError} 50 when there is no program iptables */
export function needIptables(key: string): void {
  const missing = ["iptables-save", "iptables-restore"].find((name) => programOf(name) === undefined);
  if (missing === undefined) return;
  throw new CniError(
    codes.notAvailable,
    `not ready: ${notInPath(missing)}`,
    `at ${key}: install iptables there, or write nftables, which needs no program`,
  );
}

/** What masquerading needs. @throws {CniError} 50 */
export async function needMasquerade(work: Work, backend: MasqBackend | undefined): Promise<void> {
  if (backend === "iptables") needIptables("ipMasqBackend");
  if (backend === "nftables") needNftables(work, (await import("./_masquerade.ts")).masqueradeTable);
}

/** The device below, if it is one of the host: of a container STATUS knows nothing. @throws {CniError} 50 */
export function needMaster(work: Work, conf: OnMaster): void {
  if (!conf.linkInContainer) needPlan(() => masterFor(conf, work, "ADD"));
}

/** What ADD would plan of what is there. @throws {CniError} 50 where it cannot */
export function needPlan(plan: () => unknown): void {
  try {
    plan();
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    throw new CniError(codes.notAvailable, `not ready: ${error.message}`, error.details, { cause: error });
  }
}

/** The IPAM plugin's own STATUS. @throws {CniError} its error */
export async function needAddresses(work: Work, ipam: string | undefined): Promise<void> {
  if (ipam !== undefined) await work.delegate(ipam, "STATUS");
}
