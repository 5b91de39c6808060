import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { MOST_OWNER, ownChain, ownComment, ownerPart } from "./owned.ts";

describe("a part of an owner's key", () => {
  test.each(["n1", "my_net.2", "f".repeat(30), "-"])("%s stays as it is", (text) => {
    expect(ownerPart(text, 30)).toBe(text);
  });

  test.each([
    ["a b", "a_b-"],
    ["", "-"],
    ["x".repeat(31), `${"x".repeat(14)}-`],
    ["büro/2", "b_ro_2-"],
  ])("%j is shortened and gets a hash", (text, head) => {
    const part = ownerPart(text, 30);
    expect(part).toMatch(/^[\w.-]{1,30}$/);
    expect(part.slice(0, -15)).toBe(head);
  });

  test("is what nft(8) reads, of the length asked for, and another for another text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 8, max: 64 }), (a, b, most) => {
        const part = ownerPart(a, most);
        expect(part).toMatch(/^[\w.-]+$/);
        expect(part.length).toBeLessThanOrEqual(most);
        if (a !== b && most >= 16) expect(part).not.toBe(ownerPart(b, most));
      }),
    );
  });
});

test("the longest key leaves room for a role and the comment's first word", () => {
  const owner = "o".repeat(MOST_OWNER);
  expect(ownChain("masquerading", owner).length).toBeLessThanOrEqual(127);
  expect(ownComment(owner).length).toBeLessThanOrEqual(127);
});
