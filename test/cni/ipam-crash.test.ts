/** host-local is killed at each of its system calls on the folder of reservations, by strace. */
import { describe, expect, test } from "bun:test";
import { readdirSync, rmSync } from "node:fs";
import { FileStore } from "../../src/ipam/index.ts";
import { call, confFor, onDisk, own } from "./ipam-calls.ts";

const dataDir = "/run/ipam-crash";
const folder = `${dataDir}/n1`;
const conf = confFor(dataDir, "10.1.0.0/24", "fd01::/120");

/** What host-local does to files; strace counts each for itself. */
const syscalls = [
  "openat",
  "mkdirat",
  "flock",
  "statx",
  "getdents64",
  "read",
  "write",
  "linkat",
  "renameat",
  "unlinkat",
  "utimensat",
  "close",
];

/** Kills at the n-th call of this kind that touches the folder or a file of it. */
function killAt(syscall: string, n: number): readonly string[] {
  const names = [
    "lock",
    ".netloom-index",
    "last_reserved_ip.0",
    "last_reserved_ip.1",
    ".last_reserved_ip.0.new",
    ".last_reserved_ip.1.new",
  ];
  const paths = [dataDir, folder, ...[...names, ...addresses].map((name) => `${folder}/${name}`)];
  return [
    "strace",
    "-f",
    "-qq",
    "-o",
    "/dev/null",
    ...paths.flatMap((path) => ["-P", path]),
    "-e",
    `inject=${syscall}:signal=KILL:when=${n}`,
  ];
}
/** Those that the tests may come to. */
const addresses = Array.from({ length: 254 }, (_, i) => [`10.1.0.${i + 1}`, `fd01::${(i + 1).toString(16)}`]).flat();

const held = (): ReadonlyMap<string, string> => new Map([...onDisk(folder)].toSorted(([a], [b]) => (a < b ? -1 : 1)));

describe.skipIf(own === undefined)("kill -9 at every step (needs the executable)", () => {
  const executable = own ?? "";
  test.each([
    [0, "a few"],
    [20, "many, so that there is an index"],
  ])("with %d reservations: %s", async (count) => {
    rmSync(dataDir, { recursive: true, force: true });
    for (let i = 0; i < count; i++) await call(executable, { command: "ADD", id: `x${i}`, conf });
    await call(executable, { command: "ADD", id: "first", conf });
    await call(executable, { command: "DEL", id: "first", conf });
    const before = held();
    const store = new FileStore(folder);
    const agrees = (): void => {
      // What the store tells, with an index or without, is what the files say.
      const told = store.read((ledger) => ledger.all());
      const files = [...held()].filter(([, text]) => text !== "");
      expect(told.map(({ ip, owner }) => `${ip} ${owner?.containerId}\r\n${owner?.ifname}`).toSorted()).toEqual(
        files.map(([ip, text]) => `${ip} ${text}`).toSorted(),
      );
    };
    const add = (id: string, under?: readonly string[]) =>
      call(executable, { command: "ADD", id, conf, ...(under && { under }) });
    const del = (id: string, under?: readonly string[]) =>
      call(executable, { command: "DEL", id, conf, ...(under && { under }) });
    const deaths: string[] = [];
    for (const syscall of syscalls) {
      for (let n = 1, alive = false; !alive; n++) {
        alive = (await add("victim", killAt(syscall, n))).code === 0;
        if (!alive) deaths.push(`ADD ${syscall} ${n}`);
        for (const [ip, text] of held()) if (!before.has(ip)) expect(text).toBe("victim\r\neth0");
        agrees();
        if (n % 2 === 0) {
          // Somebody else is not hindered.
          expect((await add("next")).addresses).toHaveLength(2);
          agrees();
          expect((await del("next")).code).toBe(0);
        }
        expect((await del("victim")).code).toBe(0);
        expect(held()).toEqual(before);
        expect(readdirSync(folder).filter((name) => name.endsWith(".new"))).toEqual([]);
        agrees();
      }
      for (let n = 1, alive = false; !alive; n++) {
        expect((await add("victim")).code).toBe(0);
        alive = (await del("victim", killAt(syscall, n))).code === 0;
        if (!alive) deaths.push(`DEL ${syscall} ${n}`);
        agrees();
        expect((await del("victim")).code).toBe(0);
        expect(held()).toEqual(before);
      }
    }
    expect(deaths).toEqual(
      expect.arrayContaining(["ADD flock 1", "ADD linkat 2", "ADD renameat 2", "ADD write 2", "DEL unlinkat 2"]),
    );
    if (count > 16)
      expect(deaths).toEqual(expect.arrayContaining(["ADD utimensat 1", "DEL utimensat 1", "ADD write 3"]));
  });
});
