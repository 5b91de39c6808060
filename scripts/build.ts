/**
 * `build.ts [OUTFILE]`: the whole program as one executable, by default dist/netloom.
 *
 * What is to start fastest is bundled by itself first. In one bundle each file is loaded with those that the same commands use: of
 * so many commands that makes a piece of nearly every file, and pieces cost more than the code in them.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { BunPlugin } from "bun";
import { compile } from "./compile.ts";

const root = join(import.meta.dir, "..");
const source = join(root, "src/cli");

interface Alone {
  readonly entry: string;
  /** What it imports late is the whole program, where it gives up; else that is in its bundle, too. */
  readonly givesUp?: boolean;
}
const alone: readonly Alone[] = [
  { entry: "exec-fast.ts", givesUp: true },
  { entry: "plugin-fast.ts" },
  { entry: "pods/netns-test.ts" },
];

/** Bundles a part of the program by itself; returns the file to begin with. */
async function bundle({ entry, givesUp = false }: Alone, outdir: string): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: [join(source, entry)],
    outdir,
    format: "esm",
    splitting: true,
    minify: true,
    target: "bun",
    plugins: givesUp ? [leavingLate] : [],
  });
  const [start] = outputs.filter(({ kind }) => kind === "entry-point");
  if (start === undefined) throw new TypeError(`no bundle of ${entry}`);
  return start.path;
}

const leavingLate: BunPlugin = {
  name: "late imports leave the bundle",
  setup: (build) => {
    build.onResolve({ filter: /^\./ }, ({ path, importer, kind }) =>
      kind === "dynamic-import" ? { path: resolve(dirname(importer), path), external: true } : undefined,
    );
  },
};

function startingWith(bundles: ReadonlyMap<string, string>): BunPlugin {
  return {
    name: "late imports of what is bundled by itself",
    setup: (build) => {
      build.onResolve({ filter: /^\./ }, ({ path, importer, kind }) => {
        const bundled = kind === "dynamic-import" ? bundles.get(resolve(dirname(importer), path)) : undefined;
        return bundled === undefined ? undefined : { path: bundled };
      });
    },
  };
}

const outfile = resolve(process.argv[2] ?? join(root, "dist/netloom"));
mkdirSync(dirname(outfile), { recursive: true });
const folder = mkdtempSync(`${outfile}.bundles.`);
try {
  const bundles = new Map<string, string>();
  for (const [at, one] of alone.entries()) {
    bundles.set(join(source, one.entry), await bundle(one, join(folder, String(at))));
  }
  await compile(join(source, "main.ts"), outfile, [startingWith(bundles)]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
