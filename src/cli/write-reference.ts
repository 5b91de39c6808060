/** Writes docs/cli.md from the commands' definitions. */
import { writeFileSync } from "node:fs";
import { commands } from "./commands/index.ts";
import { referencePage } from "./reference.ts";

writeFileSync(new URL("../../docs/cli.md", import.meta.url), referencePage(commands));
