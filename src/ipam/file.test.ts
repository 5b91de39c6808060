import { afterAll, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseIp } from "../values/index.ts";
import { FileStore } from "./file.ts";
import { readRange } from "./range.ts";
import { reserve } from "./reserve.ts";

const root = mkdtempSync(join(tmpdir(), "netloom-file-store-"));
afterAll(() => rmSync(root, { recursive: true }));
let made = 0;
const open = () => new FileStore(join(root, `n${made++}`));
const range = [readRange({ subnet: "10.7.0.0/16" }, "r")];
const owner = (n: number) => ({ containerId: `c${n}`, ifname: "eth0" });
const add = (store: FileStore, n: number): string => {
  const answer = reserve(store, [range], owner(n), []);
  return answer.kind === "allocated" ? answer.picks.map(({ ip }) => ip).join() : answer.kind;
};
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
/** As another program writes it. */
const foreign = (store: FileStore, ip: string, text: string): void =>
  writeFileSync(join(store.folder, ip), text, { mode: 0o600 });

test("the layout on the disk", () => {
  const store = open();
  expect(add(store, 1)).toBe("10.7.0.2");
  expect(readdirSync(store.folder).toSorted()).toEqual(["10.7.0.2", "last_reserved_ip.0", "lock"]);
  expect(readFileSync(join(store.folder, "10.7.0.2"), "utf8")).toBe("c1\r\neth0");
  expect(readFileSync(join(store.folder, "last_reserved_ip.0"), "utf8")).toBe("10.7.0.2");
  expect(readFileSync(join(store.folder, "lock"), "utf8")).toBe("");
  expect(["", "lock", "10.7.0.2", "last_reserved_ip.0"].map((name) => mode(join(store.folder, name)))).toEqual([
    "755",
    "750",
    "600",
    "600",
  ]);
  store.free((ledger) => ledger.of(owner(1)));
  expect(readdirSync(store.folder).toSorted()).toEqual(["last_reserved_ip.0", "lock"]);
});

test("looking and freeing make nothing", () => {
  const store = open();
  expect(store.read((ledger) => ledger.all())).toEqual([]);
  expect(store.free((ledger) => ledger.of(owner(1)))).toEqual([]);
  expect(existsSync(store.folder)).toBe(false);
  mkdirSync(store.folder);
  foreign(store, "10.7.0.5", "c1\r\neth0");
  // Nor a lock: on a full disk it cannot be made, and DEL would be repeated for ever.
  expect(store.free((ledger) => ledger.of(owner(2)))).toEqual([]);
  expect(readdirSync(store.folder)).toEqual(["10.7.0.5"]);
  expect<unknown>(store.free((ledger) => ledger.of(owner(1)))).toEqual(["10.7.0.5"]);
});

describe("what others wrote", () => {
  test.each([
    ["of old, without interface", "c1", true],
    ["with white space at its ends", " c1\r\neth0\n", true],
    ["for another interface", "c1\r\neth1", false],
    ["for a container whose id begins alike", "c10\r\neth0", false],
    ["that is no reservation", "c1 eth0 is here", false],
  ])("%s", (_, text, mine) => {
    const store = open();
    mkdirSync(store.folder);
    foreign(store, "10.7.0.2", text);
    expect(add(store, 1)).toBe(mine ? "duplicate" : "10.7.0.3");
    store.free((ledger) => ledger.of(owner(1)));
    expect(existsSync(join(store.folder, "10.7.0.2"))).toBe(!mine);
  });
  test("and did not finish is removed", () => {
    const store = open();
    mkdirSync(store.folder);
    foreign(store, "10.7.0.2", "");
    foreign(store, ".last_reserved_ip.0.new", "10.7.");
    foreign(store, "last_reserved_ip.0", "10.7.0.");
    expect(add(store, 1)).toBe("10.7.0.2");
    expect(readdirSync(store.folder).toSorted()).toEqual(["10.7.0.2", "last_reserved_ip.0", "lock"]);
  });
});

describe("the index", () => {
  const many = (store: FileStore): void => {
    for (let n = 0; n < 40; n++) add(store, n);
  };
  const index = (store: FileStore): string => join(store.folder, ".netloom-index");

  test("is there for many reservations only", () => {
    const store = open();
    many(store);
    expect(existsSync(index(store))).toBe(true);
    expect(readdirSync(store.folder)).toHaveLength(43);
    store.free((ledger) =>
      ledger
        .all()
        .slice(10)
        .map((one) => one.ip),
    );
    expect(existsSync(index(store))).toBe(false);
    expect(store.read((ledger) => ledger.all())).toHaveLength(10);
  });

  test("is what is read, as long as nobody else changes the folder", () => {
    const store = open();
    many(store);
    // Written in place, which no program does: that it goes unseen shows that the files are not read.
    writeFileSync(join(store.folder, "10.7.0.2"), "zz\r\neth0");
    expect(store.read((ledger) => ledger.ownerOf(parseIp("10.7.0.2")))).toEqual(owner(0));
    foreign(store, "10.7.9.9", "c99\r\neth0");
    expect(store.read((ledger) => ledger.ownerOf(parseIp("10.7.0.2")))).toEqual({ containerId: "zz", ifname: "eth0" });
  });

  test.each<[string, (store: FileStore) => void, (store: FileStore) => void]>([
    [
      "a new name",
      (store) => foreign(store, "10.7.9.9", "c99\r\neth0"),
      (store) => expect(add(store, 99)).toBe("duplicate"),
    ],
    [
      "a name that is gone",
      (store) => rmSync(join(store.folder, "10.7.0.2")),
      (store) => expect(add(store, 0)).toBe("10.7.0.42"),
    ],
    [
      "the same name for another",
      (store) => {
        rmSync(join(store.folder, "10.7.0.2"));
        foreign(store, "10.7.0.2", "c99\r\neth0");
      },
      (store) => expect([add(store, 99), add(store, 0)]).toEqual(["duplicate", "10.7.0.42"]),
    ],
    ["a cut index", (store) => writeFileSync(index(store), readFileSync(index(store), "utf8").slice(0, -20)), full],
    [
      "an index with a hole",
      (store) => writeFileSync(index(store), readFileSync(index(store), "utf8").replace("c7", "\0\0")),
      full,
    ],
    ["no index", (store) => rmSync(index(store)), full],
    ["an empty index", (store) => writeFileSync(index(store), ""), full],
  ])("sees %s", (_, change, then) => {
    const store = open();
    many(store);
    change(store);
    then(store);
    // And what follows is in the index again.
    expect(store.read((ledger) => ledger.all().length)).toBe(addresses(store));
  });

  function full(store: FileStore): void {
    for (let n = 0; n < 40; n++) expect(add(store, n)).toBe("duplicate");
  }
  function addresses(store: FileStore): number {
    return readdirSync(store.folder).filter((name) => name.startsWith("10.")).length;
  }
});

test("a full range with many reservations is seen as full", () => {
  const store = open();
  const tight = [readRange({ subnet: "10.8.0.0/26" }, "r")];
  for (let n = 0; n < 61; n++) expect(reserve(store, [tight], owner(n), []).kind).toBe("allocated");
  expect(reserve(store, [tight], owner(99), [])).toEqual({ kind: "exhausted", set: 0, size: 61n });
  store.free((ledger) => ledger.of(owner(30)));
  expect(reserve(store, [tight], owner(99), []).kind).toBe("allocated");
});

describe("a store that cannot be used says why, where, and what to do", () => {
  test("a file on the way", () => {
    writeFileSync(join(root, "file"), "");
    const store = new FileStore(join(root, "file", "net"));
    expect(() => add(store, 1)).toThrow(
      expect.objectContaining({ code: "storage", where: store.folder, remedy: expect.stringContaining("is a file") }),
    );
  });
  test("a folder where a file must be", () => {
    const store = open();
    mkdirSync(join(store.folder, "last_reserved_ip.0"), { recursive: true });
    expect(() => add(store, 1)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining("Is a directory"),
        remedy: expect.stringContaining("remove it"),
      }),
    );
    expect(readdirSync(store.folder).toSorted()).toEqual(["last_reserved_ip.0", "lock"]);
  });
});
