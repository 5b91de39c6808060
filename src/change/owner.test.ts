import { expect, test } from "bun:test";
import { aliasFor, ownerOfAlias, ownerTag } from "./owner.ts";

test("a tag is found again in the alias that was made with it", () => {
  expect(ownerTag("lab")).toBe("netloom:lab");
  expect(aliasFor(ownerTag("lab"), "cluster/node-1-eth0")).toBe("netloom:lab/cluster/node-1-eth0");
  expect(ownerOfAlias("netloom:lab/cluster/node-1-eth0")).toBe("netloom:lab");
  expect(ownerOfAlias("netloom:lab")).toBe("netloom:lab");
});

test.each(["", "eth0", "netloom", "netloom:", "netloom:/x", "xnetloom:lab"])("%p is no alias of ours", (alias) => {
  expect(ownerOfAlias(alias)).toBeUndefined();
});

test("an alias is at most 255 bytes of whole characters", () => {
  for (const long of ["x".repeat(300), "ä".repeat(200), "😀".repeat(100)]) {
    const alias = aliasFor("netloom:lab", long);
    expect(Buffer.byteLength(alias)).toBeWithin(250, 256);
    expect(alias.isWellFormed()).toBe(true);
  }
});
