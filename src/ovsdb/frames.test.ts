import { expect, test } from "bun:test";
import { Frames } from "./frames.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const messages = [
  '{"id":1,"result":[],"error":null}',
  '{"id":2,"result":[{"details":"a } and a \\" and a \\\\"}]}',
  '{"method":"echo","params":["ü 🧵"],"id":"e"}',
  "[]",
];

test("messages that follow each other are told apart", () => {
  expect(new Frames().push(bytes(messages.join("")))).toEqual(messages);
});

test("wherever the stream is cut, also within a character", () => {
  const all = bytes(messages.join(""));
  for (let size = 1; size < 12; size++) {
    const frames = new Frames();
    const found: string[] = [];
    for (let at = 0; at < all.length; at += size) found.push(...frames.push(all.subarray(at, at + size)));
    expect(found).toEqual(messages);
  }
});

test("blanks between messages come with the next, and half a message waits", () => {
  const frames = new Frames();
  expect(frames.push(bytes('{"a":1}\n{"b"')).map((text) => JSON.parse(text))).toEqual([{ a: 1 }]);
  expect(frames.push(bytes(":2}")).map((text) => JSON.parse(text))).toEqual([{ b: 2 }]);
});

test("what is no UTF-8 is refused", () => {
  const push = (): unknown => new Frames().push(new Uint8Array([0x22, 0xff]));
  expect(push).toThrow(expect.objectContaining({ name: "OvsdbError", code: "protocol" }));
});
