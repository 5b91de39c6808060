/**
 * xcluster's topologies: each lab of examples/xcluster goes up and passes its test, fails it when one pod is cut off, is repaired by
 * `up` and leaves nothing behind. What a lab needs of the kernel is what `netloom doctor` would say.
 */
import { afterAll, describe, expect, test } from "bun:test";
import { basename, join } from "node:path";
import { type Finding, examine, load } from "../../src/lab/index.ts";
import { needsOf } from "../../src/lab/doctor/needs.ts";
import type { MatrixResult } from "../../src/probe/index.ts";
import { said } from "../kernel/lab-wire.ts";
import { claims } from "./xcluster-claims.ts";
import { type Said, listing } from "./sandbox.ts";
import { Session } from "./session.ts";

const folder = join(import.meta.dir, "../../examples/xcluster");
const findings = new Map(examine().findings.map((finding) => [finding.id, finding]));
const found = (ids: ReadonlySet<string>): Finding[] => [...ids].flatMap((id) => findings.get(id) ?? []);
const usual = new Set(found(needsOf(undefined)).map(({ option }) => option));

const labs = [...new Bun.Glob("*.netloom.yaml").scanSync({ cwd: folder })].toSorted().map((name) => {
  const { topology } = load(join(folder, name));
  /** What every kernel has is not here, nor are programs: without them these tests fail. */
  const needs = found(needsOf(topology)).filter(({ option }) => option !== undefined && !usual.has(option));
  const options = new Set(needs.map(({ option }) => option));
  return {
    file: join(folder, name),
    lab: topology.name,
    claimed: claims[basename(name, ".netloom.yaml")] ?? [],
    /** The pod that is cut off: the last one. */
    pod: topology.nodes.flatMap(({ pods }) => pods).at(-1),
    /** With the kernel options that not every kernel has. */
    title: [basename(name, ".netloom.yaml"), ...[...options].map((option) => `(needs ${option})`)].join(" "),
    lacking: needs.some(({ verdict }) => verdict === "missing"),
  };
});

const passed = { code: 0, said: "" };
const verdict = ({ code, stdout, stderr }: Said): typeof passed =>
  code === 0 ? passed : { code, said: stdout + stderr };

/** With devices that modules put into every namespace when doctor tried them. */
const before = listing();

const session = new Session();
afterAll(() => session[Symbol.asyncDispose]());
const netloom = (...args: readonly string[]): Promise<Said> => session.netloom(...args);

test("there are labs, each has a pod to cut off, and nothing is claimed of others", () => {
  expect(labs.length).toBeGreaterThan(0);
  expect(labs.filter(({ pod }) => pod === undefined)).toEqual([]);
  expect(
    Object.keys(claims).filter((name) => labs.every(({ file }) => basename(file, ".netloom.yaml") !== name)),
  ).toEqual([]);
});

for (const { file, lab, claimed, pod, title, lacking } of labs) {
  describe.skipIf(lacking)(title, () => {
    test("goes up, and passes the test of up, at the full MTU", async () =>
      expect(verdict(await netloom("up", "-f", file))).toEqual(passed));
    test("is up already", () => expect(load(file).plan().ops).toEqual([]));
    test.each(claimed)("is what it says: %s: %s", (target, command, ...says) => {
      const answer = said(`${lab}-${target}`, ...command.split(" "));
      if (says.length === 0) expect(answer).toBe("");
      for (const part of says) expect(answer).toContain(part);
    });
    test("passes its test", async () => expect(verdict(await netloom("test", "-f", file))).toEqual(passed));
    test("fails its test when a pod is cut off, and says which", async () => {
      const { netns = "", ifname = "", name = "" } = pod ?? {};
      Bun.spawnSync(["ip", "-n", netns, "link", "set", ifname, "down"]);
      const { code, stdout } = await netloom("test", "-f", file, "-o", "json");
      expect(code).toBe(4);
      const failed = (JSON.parse(stdout) as MatrixResult).pairs.filter(({ ok }) => !ok);
      expect(failed.length).toBeGreaterThan(0);
      expect(failed.filter(({ from, to }) => from !== name && to !== name)).toEqual([]);
      expect(failed.flatMap(({ facts = [] }) => facts)).toContain(`${ifname} of ${name} is down`);
    });
    test("is repaired by up, which tests it again", async () =>
      expect(verdict(await netloom("up", "-f", file))).toEqual(passed));
    test("leaves nothing behind", async () => {
      expect(verdict(await netloom("down", "-f", file, "--yes"))).toEqual(passed);
      expect(listing()).toEqual(before);
    });
  });
}
