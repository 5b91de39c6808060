/**
 * A netloom that is killed at any point leaves a lab that the same command completes, and that `down` removes without a
 * trace. The ones that die are processes (_crash.ts); what comes after runs in this one.
 */
import { beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load, placesOf } from "../../src/lab/index.ts";
import { createNetns, deleteNetns } from "../../src/netns/index.ts";
import { FaultyKernel, host, overlay, reaches } from "./lab-host.ts";

const places = placesOf(overlay.name);
const lab = load(overlay);
let clean: unknown;

beforeAll(() => {
  // The folders of pins become mounts the first time, as `ip netns` makes them, and stay.
  createNetns([{ name: "first", hostname: "first" }]);
  deleteNetns("first");
  clean = host();
});

/** Lets another process die before op `at`; `false` where there is no such op any more. */
async function crash(verb: "up" | "down", at: number): Promise<boolean> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "_crash.ts"), verb, `${at}`], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const [said] = await Promise.all([child.stderr.text(), child.exited]);
  if (child.signalCode !== "SIGKILL" && child.exitCode !== 0) throw new Error(said);
  return child.signalCode === "SIGKILL";
}

/** Up completes what is there and then has nothing to do, all pairs reach each other, and down leaves the host as it was. */
async function recovers(): Promise<void> {
  await lab.up();
  expect((await lab.up()).ops).toEqual([]);
  expect(lab.inspect().members.filter(({ state }) => state !== "up")).toEqual([]);
  expect(await reaches(lab)).toBe(true);
  await lab.down();
  expect(host()).toEqual(clean);
}

const countOps = async (): Promise<number> => {
  let ops = 0;
  const counted = load(overlay, { kernel: () => new FaultyKernel(() => ops++) });
  await counted.up();
  await counted.down();
  return ops;
};

describe("killed in up", () => {
  const positions = Array.from({ length: 80 }, (_, at) => at);

  test("there are as many positions as ops", async () => {
    const namespaces = 7;
    expect(await countOps()).toBe(positions.length + namespaces);
    expect(host()).toEqual(clean);
  });

  test.each(positions)("before op %d, up goes on", async (at) => {
    expect(await crash("up", at)).toBe(true);
    expect(lab.state()?.phase).toBe("changing");
    expect(existsSync(places.journal)).toBe(true);
    expect(existsSync(places.lock)).toBe(true);
    await recovers();
  });

  test.each(positions.filter((at) => at % 8 === 3))("before op %d, down removes it", async (at) => {
    expect(await crash("up", at)).toBe(true);
    await lab.down();
    expect(host()).toEqual(clean);
  });

  test("after the last op", async () => {
    expect(await crash("up", positions.length)).toBe(false);
    expect(lab.state()?.phase).toBe("up");
    await recovers();
  });
});

describe("killed in down", () => {
  test.each(Array.from({ length: 7 }, (_, at) => at))("before op %d, down goes on", async (at) => {
    await lab.up();
    expect(await crash("down", at)).toBe(true);
    await lab.down();
    expect(host()).toEqual(clean);
  });

  test.each([0, 3, 6])("before op %d, up makes it whole", async (at) => {
    await lab.up();
    expect(await crash("down", at)).toBe(true);
    await recovers();
  });
});

/** What lies on the disk at points that are not between two ops, made by hand. */
describe("killed", () => {
  const [first = ""] = lab.wish.namespaces.map(({ name }) => name);
  const halves: readonly (readonly [string, () => void])[] = [
    ["after the state, before the journal", () => Bun.spawnSync(["rm", places.journal])],
    [
      "in the middle of the journal",
      () => writeFileSync(places.journal, readFileSync(places.journal, "utf8").slice(0, 999)),
    ],
    ["in the middle of a new state", () => writeFileSync(`${places.state}.new`, '{"schemaVersion":1,"na')],
    ["after the file of a namespace", () => writeFileSync(`/run/netns/${first}`, "")],
    [
      "after both files of a namespace",
      () => ["netns", "utsns"].forEach((folder) => writeFileSync(`/run/${folder}/${first}`, "")),
    ],
    [
      "after the first mount of a namespace",
      () => {
        ["netns", "utsns"].forEach((folder) => writeFileSync(`/run/${folder}/${first}`, ""));
        Bun.spawnSync(["unshare", "-u", "mount", "--bind", "/proc/self/ns/uts", `/run/utsns/${first}`]);
      },
    ],
  ];

  test.each(halves)("%s, up goes on", async (_, half) => {
    await crash("up", 0);
    half();
    await recovers();
  });

  test.each(halves)("%s, down removes it", async (_, half) => {
    await crash("up", 0);
    half();
    await lab.down();
    expect(host()).toEqual(clean);
  });

  test("before the state: nothing is known and nothing is there", async () => {
    mkdirSync(places.folder, { recursive: true });
    writeFileSync(places.lock, "");
    expect(lab.state()).toBeUndefined();
    await recovers();
  });

  test("while a namespace goes, its network pin already removed", async () => {
    await lab.up();
    Bun.spawnSync(["ip", "netns", "del", first]);
    await lab.down();
    expect(host()).toEqual(clean);
  });
});
