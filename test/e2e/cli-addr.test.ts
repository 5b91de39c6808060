/** `netloom addr …`, whole: output, exit codes, completion. */
import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { completionsOf } from "../../src/cli/completions.ts";

const main = join(import.meta.dir, "../../src/cli/main.ts");

/** `netloom addr …`, as a process. */
function addr(...words: readonly string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, main, "addr", ...words], {
    env: { ...process.env, NO_COLOR: "1", NPODS: "2", __nvm: "3" },
  });
  return { exit: exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

test("make", () => {
  const line = ["make", "172.16.0.0/16/24", "--net", "2", "--host", "3", "--ipv6", "1000::1:0.0.0.0"];
  expect(addr(...line, "-o", "name")).toEqual({
    exit: 0,
    stdout: "172.16.2.3/24\n1000::1:ac10:203/120\n",
    stderr: "",
  });
  const { addresses } = JSON.parse(addr(...line, "-o", "json").stdout) as { readonly addresses: readonly object[] };
  expect(addresses[1]).toEqual({
    address: "1000::1:ac10:203/120",
    ip: "1000::1:ac10:203",
    length: 120,
    family: 6,
    net: "2",
    host: "3",
    network: "1000::1:ac10:200/120",
    template: "1000::1:ac10:0/112/120",
    broadcast: false,
  });
});

test("find goes on after what it does not find, and says so", () => {
  const { exit, stdout, stderr } = addr("find", "172.16.0.0/16/24", "10.0.0.1", "172.16.2.3", "-o", "csv");
  expect([exit, stdout]).toEqual([
    5,
    "address,net,host,network,template\n172.16.2.3/24,2,3,172.16.2.0/24,172.16.0.0/16/24\n",
  ]);
  expect(stderr).toContain("10.0.0.1 is not of the template");
});

test("list says how much it leaves out", () => {
  const { exit, stdout, stderr } = addr("list", "fd00::/48/64", "--limit", "2", "-o", "name");
  expect([exit, stdout]).toEqual([0, "fd00::/64\nfd00:0:0:1::/64\n"]);
  expect(stderr).toStartWith("2 of 65536 nets");
});

test("contains answers by its exit code", () => {
  expect(addr("contains", "172.16.0.0/16/24", "172.16.2.3", "172.16.9.0/24")).toEqual({
    exit: 0,
    stdout: "",
    stderr: "",
  });
  expect(addr("contains", "172.16.0.0/24", "172.16.2.3")).toMatchObject({ exit: 1, stdout: "" });
  expect(addr("contains", "172.16.0.0/24", "garbage")).toMatchObject({ exit: 2, stdout: "" });
});

test("overlap", () => {
  expect(addr("overlap", "10.0.0.0/8", "10.1.0.0/16", "-o", "name")).toMatchObject({
    exit: 1,
    stdout: "10.1.0.0/16\n",
  });
  expect(addr("overlap", "10.0.0.0/8", "11.0.0.0/8")).toMatchObject({ exit: 0, stdout: "" });
  expect(JSON.parse(addr("overlap", "10.0.0.0/8", "11.0.0.0/8", "-o", "json").stdout)).toMatchObject({ overlaps: [] });
});

test("link-local", () => {
  expect(addr("link-local", "00:00:00:01:01:01", "-o", "name").stdout).toBe("fe80::200:ff:fe01:101\n");
});

test("shuffle and slice: the same seed is the same list, and the variables of netns_test count", () => {
  const folder = mkdtempSync(join(tmpdir(), "netloom-addr-"));
  try {
    const file = join(folder, "rnd-addresses");
    expect(addr("shuffle", "--seed", "7", "--write", file).exit).toBe(0);
    expect(addr("shuffle", "--seed", "7").stdout).toBe(addr("shuffle", "--seed", "7").stdout);
    expect(addr("shuffle", "--seed", "8", "--write", file)).toMatchObject({ exit: 8, stdout: "" });
    const json = addr("shuffle", "--seed", "7", "--write", file, "-o", "json");
    expect(JSON.parse(json.stdout)).toMatchObject({ seed: "7", count: 254 });
    expect(json.stderr).toEndWith("254 numbers, unchanged\n");
    const numbers = addr("shuffle", "--seed", "7").stdout.split("\n");
    expect(addr("slice", file, "-o", "csv").stdout.split("\n")[3]).toBe(
      `3,3,${numbers[2]},8-9,${numbers[7]} ${numbers[8]}`,
    );
    const link = join(folder, "link");
    symlinkSync(file, link);
    expect(addr("shuffle", "--seed", "8", "--write", link, "--force").exit).toBe(0);
    expect([readlinkSync(link), readFileSync(file, "utf8")]).toEqual([file, addr("shuffle", "--seed", "8").stdout]);
    const pipe = join(folder, "pipe");
    Bun.spawnSync(["mkfifo", pipe]);
    for (const [what, wrong] of [
      [folder, "it is a folder"],
      [pipe, "it is no regular file"],
      ["", "is empty"],
    ] as const) {
      const { exit, stderr } = addr("shuffle", "--seed", "8", "--force", `--write=${what}`);
      expect([what, exit, stderr]).toEqual([what, 2, expect.stringContaining(wrong)]);
    }
    expect(readdirSync(folder).toSorted()).toEqual(["link", "pipe", "rnd-addresses"]);
    const nowhere = addr("shuffle", "--seed", "8", "--write", join(folder, "no/list"));
    expect(nowhere).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining(`netloom: write ${folder}/no/list: No such file`),
    });
    const refused = addr("slice", file, "--pods", "84");
    expect(refused).toMatchObject({ exit: 2, stdout: "" });
    expect(refused.stderr).toContain("3·(84+1) = 255 numbers, and the list has 254");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("what is wrong is exit code 2, with how to write it", () => {
  test.each([
    [["make"], "TEMPLATE is missing"],
    [["make", "172.16.0.0/16/24", "x"], "what is x?"],
    [["make", "172.16.0.0/16"], "two lengths"],
    [["make", "172.16.0.0/16/24", "--net", "0x9"], "--net 0x9: give a whole number"],
    [["make", "172.16.0.0/16/24", "--net", "4294967301"], "net 4294967301 does not fit"],
    [["find", "172.16.0.0/16/24"], "give TEMPLATE and ADDRESS"],
    [["list", "172.16.0.0/16/24", "--net", "9-1"], "a range of them like 1-9"],
    [["link-local", "0:0:0:1:1:1"], "six pairs"],
    [["shuffle", "--seed", "two words"], "cannot be written into the list"],
    [["shuffle", "demo"], "too many arguments"],
  ])("%p: %s", (words, message) => {
    const { exit, stdout, stderr } = addr(...words);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});

test("completion knows the group, its commands and their flags", () => {
  expect(completionsOf(["addr", ""])).toEqual([
    "make",
    "find",
    "list",
    "contains",
    "overlap",
    "link-local",
    "shuffle",
    "slice",
  ]);
  expect(completionsOf(["addr", "make", "--ip"])).toEqual(["--ipv6"]);
  expect(completionsOf(["addr", "shuffle", "-o", ""])).toEqual(["text", "json"]);
});
