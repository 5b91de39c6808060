import { expect, test } from "bun:test";
import { type Saved, changeIptables, commentWords, hasIptables, namedComment, readIptables } from "./_iptables.ts";

test("nothing is run where nothing may be changed: it is told", () => {
  const told: string[] = [];
  const plan = (saved: Saved) => [...saved.removal("CNI-1"), "-N CNI-1"];
  // Were the program called, this would fail: there is no such table.
  changeIptables({ dry: true, warn: (text) => told.push(text) }, 6, "no-table", plan, "");
  expect(told).toEqual(["ip6tables -t no-table -N CNI-1"]);
});

test("without the program it says what is missing, and where it was looked for", () => {
  const { PATH } = process.env;
  for (const [path, where] of [
    ["/nonexistent:/dev", "there is no ip6tables-save in PATH (/nonexistent:/dev)"],
    ["", "there is no ip6tables-save: PATH is not set"],
  ] as const) {
    process.env["PATH"] = path;
    try {
      expect(hasIptables(6)).toBe(false);
      expect(() => readIptables(6, "nat", "at ipMasqBackend: write nftables")).toThrow(
        expect.objectContaining({
          code: 102,
          message: `cannot change rules by iptables: ${where}`,
          details: "at ipMasqBackend: write nftables, or install iptables there",
        }),
      );
    } finally {
      process.env["PATH"] = PATH;
    }
  }
});

test("comments name the container, and are cut off at 255 bytes", () => {
  const call = { network: "net1", containerId: "c1" };
  expect(commentWords(namedComment(call))).toBe(String.raw`-m comment --comment "name: \"net1\" id: \"c1\""`);
  const long = namedComment({ ...call, containerId: "c".repeat(300) });
  const [, shown = ""] = /--comment "(.*)"$/.exec(commentWords(long)) ?? [];
  expect(shown.replaceAll('\\"', '"')).toHaveLength(255);
  expect(shown).toEndWith("ccc...");
});
