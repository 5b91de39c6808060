import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CniError } from "../error.ts";
import { type CacheEntry, cacheFile, listCached, readCached, removeCached, writeCached } from "./cache.ts";

const top = mkdtempSync(join(tmpdir(), "netloom-cache-"));
afterAll(() => rmSync(top, { recursive: true }));
const captures = join(import.meta.dir, "../../../test/golden/cni");
const captured = readdirSync(captures).filter((name) => name.includes("cnitool-"));

const entry: CacheEntry = {
  network: "n1",
  containerId: "c1",
  ifname: "eth0",
  config: '{"name": "n1"}\n',
  args: [],
};

describe("files that cnitool v1.3.0 wrote", () => {
  test("there are some", () => expect(captured).toHaveLength(2));

  test.each(captured)("%s is read, and written again as the same bytes", (name) => {
    const dir = join(top, name);
    mkdirSync(join(dir, "results"), { recursive: true });
    const bytes = readFileSync(join(captures, name));
    writeFileSync(join(dir, "results", name), bytes);
    const [found] = listCached(dir);
    if (found === undefined) throw new Error("it was not found");
    expect(cacheFile(dir, found)).toBe(join(dir, "results", name));
    rmSync(cacheFile(dir, found));
    writeCached(dir, found);
    expect(readFileSync(cacheFile(dir, found)).toString()).toBe(bytes.toString());
  });

  test("they say what ADD was called with", () => {
    writeCached(top, { ...entry, network: "x" });
    const file = captured.find((name) => name.startsWith("n1")) ?? "";
    writeFileSync(join(top, "results", file), readFileSync(join(captures, file)));
    const found = readCached(top, { network: "n1", containerId: "cnitool-a145bc1ace582bff43bd", ifname: "eth0" });
    expect(found).toMatchObject({
      kind: "entry",
      entry: {
        netns: "/run/netns/a",
        args: [
          ["IgnoreUnknown", "1"],
          ["FOO", "a<b"],
        ],
        capabilityArgs: { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: "tcp" }] },
        result: { cniVersion: "1.0.0", routes: [{ dst: "0.0.0.0/0" }] },
      },
    });
  });
});

describe("a cache", () => {
  test("its folder and files are root's alone", () => {
    const dir = join(top, "modes");
    writeCached(dir, entry);
    expect(statSync(join(dir, "results")).mode & 0o777).toBe(0o700);
    expect(statSync(cacheFile(dir, entry)).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dir, "results"))).toEqual(["n1-c1-eth0"]);
  });

  test("an entry is replaced, and removed twice", () => {
    const dir = join(top, "twice");
    writeCached(dir, entry);
    writeCached(dir, { ...entry, netns: "/run/netns/b" });
    expect(readCached(dir, entry)).toEqual({ kind: "entry", entry: { ...entry, netns: "/run/netns/b" } });
    removeCached(dir, entry);
    removeCached(dir, entry);
    expect(readCached(dir, entry)).toEqual({ kind: "none" });
  });

  test("what is no entry is passed over in the list, and told apart when asked for", () => {
    const dir = join(top, "odd");
    writeCached(dir, entry);
    const put = (name: string, text: string) => writeFileSync(join(dir, "results", name), text);
    put("n1-c2-eth0", '{"cniVersion":"0.3.1","ips":[]}');
    put("n1-c3-eth0", '{"kind":"cniCac');
    put("n1-c4-eth0", "[]");
    mkdirSync(join(dir, "results", "n1-c5-eth0"));
    expect(listCached(dir)).toEqual([entry]);
    const kinds = ["c1", "c2", "c3", "c4", "c5", "c6"].map(
      (containerId) => readCached(dir, { ...entry, containerId }).kind,
    );
    expect(kinds).toEqual(["entry", "legacy", "unreadable", "unreadable", "unreadable", "none"]);
  });

  test("a folder that is not there is an empty cache", () => {
    expect(listCached(join(top, "nowhere"))).toEqual([]);
  });

  test("an entry that cannot be written is an error that says where", () => {
    const dir = join(top, "file");
    writeFileSync(dir, "");
    chmodSync(dir, 0o600);
    expect(() => writeCached(dir, entry)).toThrow(CniError);
    expect(() => writeCached(dir, entry)).toThrow(`remember the attachment in ${dir}/results/n1-c1-eth0: `);
  });
});
