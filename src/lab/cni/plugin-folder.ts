import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { plugins } from "../../plugins/index.ts";
import type { LabPlaces } from "../places.ts";
import { selfCommand } from "../rootless/self.ts";
import { pluginFolder } from "./places.ts";

/** Makes the folder with netloom's own plugins: links to the executable, or to scripts that start the sources. */
export function makePluginFolder(places: LabPlaces): string {
  const folder = pluginFolder(places);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const command = selfCommand();
  for (const name of Object.keys(plugins)) {
    const file = join(folder, name);
    if (existsSync(file)) continue;
    if (command.length === 1) symlinkSync(command[0] as string, file);
    else writeScript(file, [...command, "cni", "plugin", name]);
  }
  return folder;
}

function writeScript(file: string, command: readonly string[]): void {
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  writeFileSync(file, `#!/bin/sh\nexec ${words.join(" ")}\n`);
  chmodSync(file, 0o755);
}
