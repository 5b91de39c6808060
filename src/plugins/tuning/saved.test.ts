import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SavedFile, printSaved, staleFiles } from "./saved.ts";

const root = mkdtempSync(join(tmpdir(), "netloom-tuning-"));
afterAll(() => rmSync(root, { recursive: true }));
let made = 0;
const open = () => join(root, `f${made++}`);
const put = (folder: string, name: string, text: string): void => writeFileSync(join(folder, name), text);

test("values are written, written anew and forgotten, with what an ADD left that was killed", () => {
  const folder = open();
  const file = new SavedFile(folder, "c1", "eth0");
  file.write("first");
  expect(readFileSync(join(folder, "c1_eth0.json"), "utf8")).toBe("first");
  file.write("second");
  expect(file.text()).toBe("second");
  put(folder, ".c1_eth0.json.new", "thi");
  file.remove();
  expect(readdirSync(folder)).toEqual([]);
  file.remove();
});

test("a container's name may be longer than that of a file", () => {
  const folder = open();
  const file = new SavedFile(folder, "c".repeat(330), "eth0");
  file.write(printSaved({ mtu: 1500, network: "net1" }));
  file.write(printSaved({ mtu: 1400, network: "net1" }));
  new SavedFile(folder, "c".repeat(330), "eth1").write(printSaved({ network: "net1" }));
  expect(file.read()).toEqual({ mtu: 1400, network: "net1" });
  expect(staleFiles(folder, "net1", [{ containerID: "c".repeat(330), ifname: "eth0" }])).toHaveLength(1);
  file.remove();
  expect(readdirSync(folder)).toHaveLength(1);
});

test("first values need no file of another name", () => {
  const folder = open();
  const file = new SavedFile(folder, "c1", "eth0");
  file.write("first");
  file.remove();
  // Were the values written under another name and moved, this folder would be in the way.
  rmSync(folder, { recursive: true });
  mkdirSync(join(folder, ".c1_eth0.json.new"), { recursive: true });
  file.write("first");
  expect(existsSync(join(folder, "c1_eth0.json"))).toBe(true);
});

test("GC takes a network's files, also those that were not finished, and no others", () => {
  const folder = open();
  new SavedFile(folder, "c1", "eth0").write(printSaved({ mtu: 1500, network: "net1" }));
  const texts: Readonly<Record<string, string>> = {
    ".c1_eth0.json.new": '{"mt',
    ".c2_eth0.json.new": printSaved({ network: "net1" }),
    ".c3_eth0.json.new": printSaved({ network: "net2" }),
    "c4_eth0.json": '{"mtu":1500}',
    "c5_eth0.json": printSaved({ network: "net1" }),
    ".c5_eth0.json.new": printSaved({ network: "net1" }),
    "notes.txt": printSaved({ network: "net1" }),
  };
  for (const [name, text] of Object.entries(texts)) put(folder, name, text);
  expect(staleFiles(folder, "net1", [{ containerID: "c5", ifname: "eth0" }]).toSorted()).toEqual(
    [".c1_eth0.json.new", ".c2_eth0.json.new", "c1_eth0.json"].map((name) => `${folder}/${name}`),
  );
});
