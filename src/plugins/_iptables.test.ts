import { expect, test } from "bun:test";
import { type Saved, changeIptables, commentWords, namedComment } from "./_iptables.ts";

test("nothing is run where nothing may be changed: it is told", () => {
  const told: string[] = [];
  const plan = (saved: Saved) => [...saved.removal("CNI-1"), "-N CNI-1"];
  // Were the program called, this would fail: there is no such table.
  changeIptables({ dry: true, warn: (text) => told.push(text) }, 6, "no-table", plan, "");
  expect(told).toEqual(["ip6tables -t no-table -N CNI-1"]);
});

test("comments name the container, and are cut off at 255 bytes", () => {
  const call = { network: "net1", containerId: "c1" };
  expect(commentWords(namedComment(call))).toBe(String.raw`-m comment --comment "name: \"net1\" id: \"c1\""`);
  const long = namedComment({ ...call, containerId: "c".repeat(300) });
  const [, shown = ""] = /--comment "(.*)"$/.exec(commentWords(long)) ?? [];
  expect(shown.replaceAll('\\"', '"')).toHaveLength(255);
  expect(shown).toEndWith("ccc...");
});
