import { expect, test } from "bun:test";
import { attrs, struct, u8 } from "../wire/index.ts";
import { deleteAll } from "./delete-all.ts";
import type { Refusal } from "./error.ts";
import { request } from "./request.ts";

const thing = { name: "delthing", type: 17, header: struct({ family: u8 }), attrs: attrs({}) };
const deletions = ["a", "b", "c"].map((name) => request(thing, 0, { family: 0 }, {}, `delete thing ${name}`));
const answering = (...refusals: (Refusal | undefined)[]) => ({ batch: () => refusals });

test("what is gone already is deleted", () => {
  expect(() => deleteAll(answering(undefined, { errno: 2 }, undefined), deletions)).not.toThrow();
});

test("any other refusal is told, the first of them", () => {
  expect(() => deleteAll(answering({ errno: 2 }, { errno: 1 }, { errno: 16 }), deletions)).toThrow(
    "delete thing b: Operation not permitted (EPERM)",
  );
});
