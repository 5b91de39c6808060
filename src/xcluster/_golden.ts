/** Runs of the original programs, for tests. */
export interface GoldenRun {
  readonly args: readonly string[];
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs of `netns_test`, with what was there. */
export interface GoldenPrinting {
  /** The lines of /etc/rnd-addresses. */
  readonly rnd_addresses: readonly number[];
  readonly cases: readonly (GoldenRun & {
    readonly hostname: string;
    readonly env: Readonly<Record<string, string>>;
  })[];
}

const data = `${import.meta.dir}/../../test/golden/data`;

/** Every run of `ipu` that was recorded: `golden`, and `quirks` for getopt, C's numbers, odd addresses and the order of errors. */
export async function ipuRuns(which: "golden" | "quirks"): Promise<readonly GoldenRun[]> {
  return (await Bun.file(`${data}/ipu-${which}.json`).json()) as readonly GoldenRun[];
}

/** Every run of `netns_test` that was recorded. */
export async function printingRuns(): Promise<GoldenPrinting> {
  return (await Bun.file(`${data}/netns-address-golden.json`).json()) as GoldenPrinting;
}
