/** The subpaths of the package: every room that a program may use has one, and it can be imported from this checkout. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { rooms } from "../scripts/rooms.ts";

/** Rooms that speak to people at a terminal: no API. */
const inner: ReadonlySet<string> = new Set(["output", "cli"]);

const root = join(import.meta.dir, "..");
const { exports } = (await Bun.file(join(root, "package.json")).json()) as {
  readonly exports: Readonly<Record<string, string>>;
};

test("every room has a subpath; the lab is the package itself", () => {
  const paths = rooms
    .filter(({ name }) => !inner.has(name))
    .map(({ name }) => [name === "lab" ? "." : `./${name}`, `./src/${name}/index.ts`]);
  expect(exports).toEqual(Object.fromEntries(paths) as Record<string, string>);
});

test.each(Object.keys(exports))("%s can be imported", (path) => {
  const name = path.replace(/^\./, "netloom");
  const program = `console.log(Object.keys(await import(${JSON.stringify(name)})).length > 0)`;
  const run = Bun.spawnSync([process.execPath, "-e", program], { cwd: root });
  expect([run.stderr.toString(), run.stdout.toString()]).toEqual(["", "true\n"]);
});
