import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CniError } from "../error.ts";
import { RuntimeLock } from "./lock.ts";
import { eventually } from "../../../test/eventually.ts";

const dir = mkdtempSync(join(tmpdir(), "netloom-rlock-"));
afterAll(() => rmSync(dir, { recursive: true }));

const busy = (taking: Promise<RuntimeLock>) =>
  taking.then(
    (lock) => {
      lock[Symbol.dispose]();
      return false;
    },
    (error: unknown) => error instanceof CniError && error.code === 11,
  );

test("one at a time on a container, several on several, and nobody beside GC", async () => {
  {
    using _c1 = await RuntimeLock.container(dir, "c1", 0);
    expect(await busy(RuntimeLock.container(dir, "c1", 0))).toBe(true);
    expect(await busy(RuntimeLock.container(dir, "c2", 0))).toBe(false);
    expect(await busy(RuntimeLock.all(dir, 0))).toBe(true);
  }
  {
    using _all = await RuntimeLock.all(dir, 0);
    expect(await busy(RuntimeLock.container(dir, "c1", 0))).toBe(true);
    expect(await busy(RuntimeLock.all(dir, 0))).toBe(true);
  }
  expect(await busy(RuntimeLock.container(dir, "c1", 0))).toBe(false);
});

test("GC that waits keeps new ones out, and has its turn when the last is done", async () => {
  const first = await RuntimeLock.container(dir, "c1", 0);
  const gc = RuntimeLock.all(dir);
  await eventually("GC waits", () => busy(RuntimeLock.container(dir, "c2", 0)));
  first[Symbol.dispose]();
  const all = await gc;
  all[Symbol.dispose]();
  expect(await busy(RuntimeLock.container(dir, "c2", 0))).toBe(false);
});

test("who waits gets it", async () => {
  const order: string[] = [];
  const first = await RuntimeLock.container(dir, "c1", 0);
  const second = RuntimeLock.container(dir, "c1").then((lock) => {
    order.push("second");
    lock[Symbol.dispose]();
  });
  await Bun.sleep(10);
  order.push("first");
  first[Symbol.dispose]();
  await second;
  expect(order).toEqual(["first", "second"]);
});
