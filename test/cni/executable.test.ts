/** What the executable is bundled from in parts says the same as the sources, whichever part a call ends in. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executable, root } from "./plugin-folders.ts";

const names = mkdtempSync(join(tmpdir(), "netloom-names-"));
afterAll(() => rmSync(names, { recursive: true, force: true }));
for (const name of ["netns_test", "ipu", "bridge", "cnitool"]) symlinkSync(executable, join(names, name));

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function said(command: readonly string[], env: Readonly<Record<string, string>> = {}): Said {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command], {
    stdin: "ignore",
    cwd: names,
    env: { ...process.env, NPODS: "1", __node: "1", ...env },
  });
  return { code: exitCode, out: stdout.toString(), err: stderr.toString() };
}

/** The first pod's name, whatever this machine is called. */
const pod = (): string => said([join(names, "netns_test"), "name", "1"]).out.trim();

/** Under its own name, and as `netloom NAME …` from the sources. */
const both = (
  name: string,
  words: readonly string[],
  env?: Readonly<Record<string, string>>,
): readonly [Said, Said] => {
  const [program, spelt] =
    name === "netloom" ? [executable, []] : [join(names, name), name === "bridge" ? ["cni", "plugin", name] : [name]];
  return [said([program, ...words], env), said([join(root, "bin/netloom"), ...spelt, ...words], env)];
};

describe.skipIf(!existsSync(executable))("the executable (needs test/cni/setup)", () => {
  beforeAll(() => {
    expect(said([join(names, "netns_test"), "create"])).toEqual({ code: 0, out: "", err: "" });
  });
  afterAll(() => {
    expect(said([join(names, "netns_test"), "delete", "--all"]).code).toBe(0);
  });

  test.each([
    ["netloom", ["exec", "nobody", "--", "true"], 7],
    ["netloom", ["exec"], 2],
    ["netloom", ["exec", "--help"], 0],
    ["netloom", ["exec", "--bogus"], 2],
    ["netloom", ["exec", "--lab", "x", "a", "true"], 7],
    ["netloom", ["version", "-o", "json"], 0],
    ["netloom", ["upp"], 2],
    ["netloom", ["ls", "--bogus"], 2],
    ["netloom", ["help", "cni", "add"], 0],
    ["netns_test", ["exec", "POD", "sh", "-c", "hostname; exit 3"], 3],
    ["netns_test", ["exec", "POD", "no-such-program"], 127],
    ["netns_test", ["exec", "vm-001-ns02", "true"], 1],
    ["netns_test", ["exec", "--bogus", "POD"], 1],
    ["netns_test", ["name", "3"], 0],
    ["netns_test", ["list"], 0],
    ["netns_test", ["veth", "--bogus"], 1],
    ["netns_test", ["bogus"], 1],
    ["netns_test", ["--help"], 0],
    ["ipu", ["makeip", "--cidr=10.0.0.0/16/24", "--net=1", "--host=2"], 0],
    ["ipu", ["bogus"], 1],
    ["cnitool", ["bogus"], 1],
  ] as const)("%s %p", (name, words, code) => {
    const [built, sources] = both(
      name,
      words.map((word) => (word === "POD" ? pod() : word)),
    );
    expect(built).toEqual(sources);
    expect(built.code).toBe(code);
  });

  test("a plugin: VERSION, and a call that makes no sense", () => {
    for (const command of ["VERSION", "BOGUS"]) {
      const [built, sources] = both("bridge", [], { CNI_COMMAND: command });
      expect(built).toEqual(sources);
      expect(built.code).toBe(command === "VERSION" ? 0 : 1);
    }
  });
});
