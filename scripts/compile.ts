import type { BunPlugin } from "bun";

/**
 * Compiles a program to one executable, Bun included, that starts as fast as can be and reads no .env or bunfig.toml of where it
 * runs. The options' figures are in docs/decisions/0006-start-up.md. @throws {AggregateError} what is wrong with the sources
 */
export async function compile(entry: string, outfile: string, plugins: BunPlugin[] = []): Promise<void> {
  await Bun.build({
    entrypoints: [entry],
    format: "esm",
    splitting: true,
    minify: true,
    bytecode: true,
    sourcemap: "none",
    plugins,
    compile: { outfile, jitPolicy: 3, autoloadDotenv: false, autoloadBunfig: false },
  });
}
