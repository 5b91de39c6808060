import { type NetworkList, type Runtime, capabilitiesOf, reportPlugins } from "../../cni/runtime/index.ts";
import type { View } from "../../output/index.ts";

/** The plugins of a network: where they are, what they speak, and whether all fit. */
export async function pluginsView(
  runtime: Runtime,
  list: NetworkList,
): Promise<{ readonly view: View; readonly fits: boolean }> {
  const reports = await reportPlugins(runtime, list);
  const plugins = reports.map(({ type, file, versions, fits, problem }) => ({
    type,
    file,
    versions,
    fits,
    problem: problem === undefined ? undefined : [problem.message, problem.details].filter(Boolean).join("; "),
  }));
  return {
    fits: reports.every(({ fits }) => fits),
    view: {
      columns: [
        { key: "plugin" },
        { key: "fits", title: list.cniVersion },
        { key: "versions" },
        { key: "file" },
        ...(plugins.some(({ problem }) => problem !== undefined) ? [{ key: "problem" }] : []),
      ],
      rows: plugins.map(({ type, file, versions, fits, problem }) => ({
        plugin: type,
        fits: fits ? { text: "yes", tone: "good" } : { text: "no", tone: "bad" },
        versions: versions.join(" "),
        file,
        problem,
      })),
      data: { network: list.name, cniVersion: list.cniVersion, capabilities: capabilitiesOf(list), plugins },
      names: plugins.map(({ type }) => type),
    },
  };
}
