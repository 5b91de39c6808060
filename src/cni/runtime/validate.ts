import { CniError } from "../error.ts";
import { findPlugin } from "../find.ts";
import type { NetworkList } from "./list.ts";
import type { Runtime } from "./runtime.ts";
import { supportedVersions } from "./supported.ts";

/** One plugin of a network as it was found. */
export interface PluginReport {
  readonly type: string;
  /** Its executable; absent where there is none. */
  readonly file?: string;
  readonly versions: readonly string[];
  /** Whether it lists the network's version, exactly. */
  readonly fits: boolean;
  /** Why it cannot be asked. */
  readonly problem?: CniError;
}

/** Looks for each plugin of a network and asks for its versions. */
export async function reportPlugins(runtime: Runtime, list: NetworkList): Promise<readonly PluginReport[]> {
  const reports: PluginReport[] = [];
  for (const { type } of list.plugins) reports.push(await reportOf(runtime, list, type));
  return reports;
}

/** Names of the capabilities that plugins of the network declare. */
export function capabilitiesOf(list: NetworkList): readonly string[] {
  return [...new Set(list.plugins.flatMap(({ capabilities }) => capabilities))];
}

async function reportOf(runtime: Runtime, { cniVersion }: NetworkList, type: string): Promise<PluginReport> {
  let file: string | undefined;
  try {
    file = findPlugin(type, runtime.path);
    const versions = await supportedVersions(file, runtime.call);
    return { type, file, versions, fits: versions.includes(cniVersion) };
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    return { type, ...(file === undefined ? {} : { file }), versions: [], fits: false, problem: error };
  }
}
