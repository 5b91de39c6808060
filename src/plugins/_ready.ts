/** STATUS: what ADD would miss. */
import type { LinkSpec } from "../change/index.ts";
import { CniError, HOST, type Work, codes } from "../cni/index.ts";
import { OpError } from "../kernel/index.ts";
import { parseIfName, parseMac } from "../values/index.ts";
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

/** The device below, if it is one of the host: of a container STATUS knows nothing. @throws {CniError} 50 */
export function needMaster(work: Work, conf: OnMaster): void {
  if (conf.linkInContainer) return;
  try {
    masterFor(conf, work, "ADD");
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    throw new CniError(codes.notAvailable, `not ready: ${error.message}`, error.details, { cause: error });
  }
}

/** The IPAM plugin's own STATUS. @throws {CniError} its error */
export async function needAddresses(work: Work, ipam: string | undefined): Promise<void> {
  if (ipam !== undefined) await work.delegate(ipam, "STATUS");
}
