/** A command on pods that is killed in the middle: repeated, it completes; `delete` removes what it left. */
import { afterEach, expect, test } from "bun:test";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import type { Op } from "../../src/change/index.ts";
import { RealKernel } from "../../src/kernel/index.ts";
import { Job, LocalNode, createSome, deletePods, vethSome, whole } from "../../src/pods/index.ts";
import { settingsOf, variablesOf } from "../../src/xcluster/index.ts";

const node = new LocalNode(settingsOf(variablesOf({ NPODS: "3" })), "vm-009");
const names = node.pods().map(({ name }) => name);

/** A job whose process ends after so many ops: nothing is undone. */
class Dying extends Error {}
function dyingAfter(count: number): Job {
  const kernel = new RealKernel({ places: { node: "" }, shared: true });
  const run = kernel.run.bind(kernel);
  kernel.run = (ops: readonly Op[]) => {
    if (ops.length < count) return run(ops);
    run(ops.slice(0, count));
    throw new Dying();
  };
  return new Job(kernel);
}

const links = (): readonly string[] =>
  Bun.spawnSync(["ip", "-br", "link"])
    .stdout.toString()
    .split("\n")
    .map((line) => line.split(/[ @]/, 1)[0] ?? "")
    .filter((name) => name.startsWith("vm-009"));
const pinned = (): readonly string[] => (existsSync("/run/netns") ? readdirSync("/run/netns").toSorted() : []);

afterEach(async () => whole((job) => deletePods(job, names)));

test.each([1, 2])("create, after %d namespaces", async (count) => {
  using dying = dyingAfter(count);
  expect(() => createSome(dying, node, {})).toThrow(Dying);
  expect(pinned()).toHaveLength(count);
  await whole((job) => createSome(job, node, {}));
  expect(pinned()).toEqual(names);
});

test.each(Array.from({ length: 15 }, (_, at) => at + 1))("veth, after %d changes", async (count) => {
  await whole((job) => createSome(job, node, {}));
  using dying = dyingAfter(count);
  expect(() => vethSome(dying, node, {})).toThrow(Dying);
  await whole((job) => vethSome(job, node, {}));
  expect(links()).toEqual(names);
  for (const name of names) {
    const inside = Bun.spawnSync(["ip", "-n", name, "-br", "link", "show", "eth0"]).stdout.toString();
    expect(inside).toContain(" UP ");
    const value = Bun.spawnSync(["cat", `/proc/sys/net/ipv6/conf/${name}/accept_dad`]).stdout.toString();
    expect(value).toBe("0\n");
  }
  await whole(async (job) => {
    vethSome(job, node, {});
    expect(job.done).toEqual([]);
  });
});

test("files without a namespace are used again, and deleted", async () => {
  await whole((job) => createSome(job, node, { count: 1 }));
  await whole((job) => deletePods(job, names));
  writeFileSync("/run/netns/vm-009-ns01", "");
  writeFileSync("/run/utsns/vm-009-ns02", "");
  await whole((job) => createSome(job, node, {}));
  expect(pinned()).toEqual(names);
  const mounts = Bun.spawnSync(["grep", "-c", "vm-009-ns0", "/proc/self/mountinfo"]).stdout.toString();
  expect(mounts).toBe("6\n");
  await whole((job) => deletePods(job, names));
  writeFileSync("/run/netns/vm-009-ns01", "");
  await whole((job) => deletePods(job, names));
  expect(pinned()).toEqual([]);
});

test("deleted half-made, nothing is left", async () => {
  await whole((job) => createSome(job, node, {}));
  const dying = dyingAfter(2);
  expect(() => vethSome(dying, node, {})).toThrow(Dying);
  dying[Symbol.dispose]();
  await whole((job) => deletePods(job, names));
  expect([links(), pinned(), readdirSync("/run/utsns")]).toEqual([[], [], []]);
});
