import { join } from "node:path";
import type { Tone, View } from "../../output/index.ts";
import { plugins, versionsOf } from "../../plugins/index.ts";
import { programs } from "./executable.ts";
import type { Holder, PluginFolder } from "./plugin-folder.ts";

const tones: Readonly<Record<Holder, Tone>> = {
  netloom: "good",
  "other netloom": "warn",
  "not netloom": "warn",
  free: "dim",
};

/** Netloom's plugins, and whose their names are in a folder. */
export async function installedView(folder: PluginFolder, names: readonly string[]): Promise<View> {
  const rows = await Promise.all(
    names.map(async (plugin) => ({
      plugin,
      there: folder.holderOf(plugin),
      versions: versionsOf(plugin),
      about: (await plugins[plugin]?.())?.about ?? programs[plugin],
    })),
  );
  return {
    columns: [
      { key: "plugin" },
      { key: "there", title: "whose" },
      { key: "about" },
      { key: "file", wide: true },
      { key: "versions", wide: true },
    ],
    rows: rows.map(({ there, versions, ...row }) => ({
      ...row,
      file: there === "free" ? undefined : join(folder.path, row.plugin),
      there: { text: there, tone: tones[there] },
      versions: versions.join(" "),
    })),
    data: { folder: folder.path, plugins: rows },
    names: rows.map(({ plugin }) => plugin),
  };
}
