/**
 * `build.ts [OUTFILE]`: the whole program as one executable, by default dist/netloom.
 *
 * What is to start fastest is in it a second time, apart from the rest. The bundler makes a piece of the files that the same
 * commands use: of so many commands that is one of nearly every file, and pieces cost more than the code in them.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { BunPlugin } from "bun";
import { compile } from "./compile.ts";

const root = join(import.meta.dir, "..");

interface Part {
  readonly entry: string;
  /** What it imports late is the rest of the program: it gives up then. */
  readonly givesUp?: boolean;
}
const parts: readonly Part[] = [
  { entry: "src/cli/exec-fast.ts", givesUp: true },
  { entry: "src/cli/plugin-fast.ts" },
  { entry: "src/cli/pods/netns-test.ts" },
];

/** The bundler tells files apart by their paths, so each part gets sources of its own. */
function apart(copies: string): BunPlugin {
  const copyOf = (at: number): string => join(copies, String(at));
  for (const at of parts.keys()) {
    for (const path of ["src", "package.json"]) cpSync(join(root, path), join(copyOf(at), path), { recursive: true });
  }
  return {
    name: "parts of the program with files of their own",
    setup: (build) => {
      build.onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
        if (kind !== "dynamic-import") return undefined;
        const file = resolve(dirname(importer), path);
        const entered = parts.findIndex(({ entry }) => file === join(root, entry));
        if (entered >= 0) return { path: join(copyOf(entered), relative(root, file)) };
        const left = parts.findIndex(({ givesUp = false }, at) => givesUp && file.startsWith(`${copyOf(at)}/`));
        return left < 0 ? undefined : { path: join(root, relative(copyOf(left), file)) };
      });
    },
  };
}

const outfile = resolve(process.argv[2] ?? join(root, "dist/netloom"));
mkdirSync(dirname(outfile), { recursive: true });
mkdirSync(join(root, "dist"), { recursive: true });
const copies = mkdtempSync(join(root, "dist/parts."));
try {
  await compile(join(root, "src/cli/main.ts"), outfile, [apart(copies)]);
} finally {
  rmSync(copies, { recursive: true, force: true });
}
