import { describe, expect, test } from "bun:test";
import { ipuRuns } from "../_golden.ts";
import { ipu } from "./index.ts";

const golden = await ipuRuns("golden");
/** Made with ipu 1.2.0, glibc 2.36. */
const quirks = await ipuRuns("quirks");

describe("every recorded run of the original", () => {
  test.each([...golden, ...quirks].map((run) => [JSON.stringify(run.args), run] as const))(
    "ipu %s",
    async (_, { args, ...left }) => {
      expect(await ipu(args, "0")).toEqual(left);
    },
  );

  test("there are all of them", () => {
    expect([golden.length, quirks.length]).toEqual([186, 130]);
  });
});

describe("texts for people", () => {
  test.each([[], ["-h"], ["--help", "x"]])("the list of subcommands: %p", async (...args) => {
    const { exit, stdout } = await ipu(args, "0");
    expect(exit).toBe(0);
    expect(stdout.match(/^ {2}\w+$/gm)).toEqual(["  linklocal", "  makeip", "  contains", "  version", "  man"]);
  });

  test.each([
    [["makeip", "--help", "--foo"], "makeip --cidr"],
    [["makeip", "--cidr=x", "--hel"], "makeip --cidr"],
    [["contains", "-help"], "contains --cidr"],
    [["linklocal", "x", "--h"], "linklocal MAC"],
    [["version", "--help"], "version"],
    [["man", "--help"], "man"],
  ])("%p is help", async (args, begin) => {
    const { exit, stdout, stderr } = await ipu(args, "0");
    expect([exit, stderr]).toEqual([0, ""]);
    expect(stdout).toStartWith(begin);
  });

  test("a wrong option before --help is what counts", async () => {
    expect(await ipu(["makeip", "--foo", "--help"], "0")).toEqual({
      exit: 1,
      stdout: "",
      stderr: "makeip: unrecognized option '--foo'\n",
    });
  });

  test("the manual is for the version, which is netloom's", async () => {
    expect((await ipu(["man", "x"], "0")).stdout).toStartWith("NAME\n");
    expect((await ipu(["version", "x"], "1.2")).stdout).toBe("netloom-1.2\n");
  });
});

describe("--strict", () => {
  const strict = async (...words: readonly string[]) => ipu([...words, "--strict"], "0");
  const template = "--cidr=172.16.0.0/16/24";

  test.each([
    [["makeip", template, "--net=2", "--host=3"], "172.16.2.3"],
    [["makeip", template, "--net=2", "--host=3", "--subnet=1"], "172.16.2.3/16"],
    [["makeip", template, "--net=2", "--subnet=2", "--ipv6template=1000::1:0.0.0.0"], "1000::1:ac10:200/120"],
    [["makeip", "--cidr=fd00::/48/64", "--net=65535", "--subnet=2"], "fd00:0:0:ffff::/64"],
    [["linklocal", "00:00:00:01:01:01"], "fe80::200:ff:fe01:101"],
  ])("%p is %s", async (words, address) => {
    expect(await strict(...words)).toEqual({ exit: 0, stdout: `${address}\n`, stderr: "" });
  });

  test.each([
    [["makeip", template, "--net=2x"], `--net "2x" is not a whole number`],
    [["makeip", template, "--net=4294967301"], `--net "4294967301" is not a whole number`],
    [["makeip", template, "--host=256"], "host 256 does not fit"],
    [["makeip", template, "--subnet=3"], "from 1 to 2"],
    [["makeip", "--cidr=172.16.0.0/16/0x18"], "decimal"],
    [["makeip", "--cidr=172.16.0.0/16"], "two lengths"],
    [["makeip", template, "br2---net=1"], "too much"],
    [["makeip", template, "--ipv6template=::/96"], "without a length"],
    [["makeip"], "Missing option [--cidr]"],
    [["contains", "--cidr=10.0.0.0/x", "10.0.0.1"], "is not a prefix"],
    [["contains", "--cidr=10.0.0.0/8", "garbage"], "not an IP address"],
    [["contains", "--cidr=10.0.0.0/8"], "ADDRESS is missing"],
    [["linklocal", "0:0:0:1:1:1"], "six pairs"],
  ])("%p is refused: %s", async (words, message) => {
    const { exit, stdout, stderr } = await strict(...words);
    expect([exit, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });

  test.each([
    ["10.0.0.0/8", "10.1.1.1", 0],
    ["10.0.0.0/8", "11.1.1.1", 1],
    ["0.0.0.0/0", "::1", 1],
  ])("contains %s %s: %d", async (cidr, address, exit) => {
    expect(await strict("contains", `--cidr=${cidr}`, address)).toEqual({ exit, stdout: "", stderr: "" });
  });

  test("it is written out: an abbreviation is another option", async () => {
    expect((await ipu(["makeip", template, "--s=1"], "0")).stdout).toBe("172.16.0.0/16\n");
    expect((await ipu(["makeip", template, "--st"], "0")).stderr).toBe("makeip: unrecognized option '--st'\n");
  });
});
