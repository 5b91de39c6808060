import { type Call, CniError, type Work, codes } from "../cni/index.ts";
import { onlyChooses } from "./_ipam.ts";

/** One thing that an attachment holds, and how it is given back. It must succeed when there is nothing to give back. */
export interface Release {
  readonly what: string;
  readonly do: () => void | Promise<void>;
}

/** Gives back each, whatever becomes of the others, and then throws what went wrong. @throws {CniError} */
export async function releaseAll({ command }: Call, releases: readonly Release[]): Promise<void> {
  const failures: { readonly what: string; readonly error: Error }[] = [];
  for (const { what, do: release } of releases) {
    try {
      await release();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      failures.push({ what, error });
    }
  }
  const [first, ...others] = failures;
  if (first === undefined) return;
  const { error } = first;
  const told = error instanceof CniError ? error : undefined;
  const details = [told?.details, ...others.map((other) => `and ${other.what}: ${other.error.message}`)];
  throw new CniError(
    told?.code ?? codes.kernel,
    `cannot ${command} ${first.what}: ${error.message}`,
    details.filter(Boolean).join("; ") || undefined,
    { cause: error },
  );
}

/** What the IPAM plugin keeps, by its own DEL or GC. */
export function releaseAddresses(ipam: string | undefined, { command }: Call, work: Work): readonly Release[] {
  if (ipam === undefined) return [];
  return [{ what: "addresses", do: async () => void (await work.delegate(ipam, command)) }];
}

/**
 * A link and the addresses that IPAM keeps for it. What was only chosen is free when nobody has it any more; who leases addresses
 * tells the server over the link that they are free.
 */
export function releaseAttached(link: Release, ipam: string | undefined, call: Call, work: Work): readonly Release[] {
  const addresses = releaseAddresses(ipam, call, work);
  return ipam === undefined || onlyChooses(ipam) ? [link, ...addresses] : [...addresses, link];
}
