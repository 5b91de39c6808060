import { describe, expect, test } from "bun:test";
import type { CacheEntry } from "../../cni/runtime/index.ts";
import { UsageError } from "../usage.ts";
import { strangersOf, validOf } from "./valid.ts";

const entry = (containerId: string, ifname: string): CacheEntry => ({
  network: "net1",
  containerId,
  ifname,
  config: "",
  netns: "/no/such/namespace",
  args: [],
});
const entries = [entry("c1", "eth0"), entry("c1", "eth1"), entry("c2", "eth0")];
const keep = (...words: readonly string[]) => validOf("net1", entries, { keep: words, all: false });

describe("what GC keeps", () => {
  test("a container with all its interfaces, one of them, and what 'cni ls -o name' prints", () => {
    expect(keep("c1")).toEqual([
      { containerID: "c1", ifname: "eth0" },
      { containerID: "c1", ifname: "eth1" },
    ]);
    expect(keep("c1/eth1")).toEqual([{ containerID: "c1", ifname: "eth1" }]);
    expect(keep("net1/c2/eth0")).toEqual([{ containerID: "c2", ifname: "eth0" }]);
  });

  test.each(["", "/", "c1/", "c1/eth0/x", "other/c1/eth0", "net1/c1/eth0/x", "net1//eth0"])("not %j", (word) => {
    expect(() => keep(word)).toThrow(UsageError);
  });

  test("without a word, those whose namespace is there: none of these", () => {
    expect(keep()).toEqual([]);
  });

  test("a name that is not remembered is valid all the same, and pointed out", () => {
    expect(keep("c3")).toEqual([{ containerID: "c3", ifname: "eth0" }]);
    expect(strangersOf("net1", entries, ["c1", "c3", "c2/eth1", "net1/c2/eth0"])).toEqual(["c3", "c2/eth1"]);
  });
});
