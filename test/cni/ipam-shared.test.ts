/** Many processes on one folder of reservations, ours alone and beside the reference's. */
import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { call, confFor, inParallel, onDisk, others, own } from "./ipam-calls.ts";

const COUNT = 200;
const ids = Array.from({ length: COUNT }, (_, i) => `c${i}`);

/** ADD by turns, 20 at a time, each for a container of its own; then DEL by turns, the other way round. */
async function everybody(dataDir: string, executables: readonly string[]): Promise<void> {
  const conf = confFor(dataDir, "10.1.0.0/24", "fd01::/120");
  const by = (i: number): string => executables[i % executables.length] ?? "";
  const added = await inParallel(
    20,
    ids.map((id, i) => () => call(by(i), { command: "ADD", id, conf })),
  );
  expect(added.filter(({ code }) => code !== 0)).toEqual([]);
  expect(new Set(added.flatMap(({ addresses }) => addresses)).size).toBe(2 * COUNT);
  const disk = onDisk(`${dataDir}/n1`);
  expect(disk.size).toBe(2 * COUNT);
  added.forEach(({ addresses }, i) => {
    expect(addresses.map((ip) => disk.get(ip))).toEqual([`c${i}\r\neth0`, `c${i}\r\neth0`]);
  });

  // Each is known to each other: a second ADD is refused, CHECK finds it, DEL frees it.
  for (const [i] of executables.entries()) {
    expect((await call(by(i + 1), { command: "ADD", id: `c${i}`, conf })).message).toMatch(/already|duplicate/);
    expect(
      await call(by(i + 1), {
        command: "CHECK",
        id: `c${i}`,
        conf: { ...conf, prevResult: { cniVersion: "1.0.0", ips: [] } },
      }),
    ).toMatchObject({ code: 0 });
  }
  const deleted = await inParallel(
    20,
    ids.map((id, i) => () => call(by(i + 1), { command: "DEL", id, conf })),
  );
  expect(deleted.filter(({ code }) => code !== 0)).toEqual([]);
  expect(readdirSync(`${dataDir}/n1`).toSorted()).toEqual(["last_reserved_ip.0", "last_reserved_ip.1", "lock"]);
}

test.skipIf(own === undefined)(
  `${COUNT} ADDs at once have ${COUNT} addresses, and none is left after DEL (needs the executable)`,
  async () => {
    await everybody("/run/ipam-own", [own ?? ""]);
  },
);

test.skipIf(own === undefined || others.length === 0)(
  "by turns with the reference's (needs containernetworking-plugins or test/peers)",
  async () => {
    await everybody("/run/ipam-mixed", [own ?? "", ...others]);
  },
);
