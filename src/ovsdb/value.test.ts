import { expect, test } from "bun:test";
import { OvsdbError } from "./error.ts";
import { type Json, type Value, fromNotation, toNotation } from "./value.ts";

const id = "8b2e9d5c-0f7a-4c3d-9a51-2c60f1e4b7d3";

// RFC 7047, section 5.1: an atom stands for itself, all else is a pair of a word and what it means.
const notations: readonly (readonly [string, Value, Json])[] = [
  ["a string", "br-int", "br-int"],
  ["a string that looks like a tag", "uuid", "uuid"],
  ["an integer", 65534, 65534],
  ["a negative integer", -1, -1],
  ["a real", 0.25, 0.25],
  ["the largest exact integer", 2 ** 53 - 1, 9007199254740991],
  ["a boolean", false, false],
  ["a UUID", { uuid: id }, ["uuid", id]],
  ["a row's name", { named: "_row_7" }, ["named-uuid", "_row_7"]],
  ["an empty set", new Set(), ["set", []]],
  ["a set of integers", new Set([10, 20]), ["set", [10, 20]]],
  ["a set of UUIDs", new Set([{ uuid: id }]), ["set", [["uuid", id]]]],
  ["an empty map", new Map(), ["map", []]],
  ["a map of strings", new Map([["remote_ip", "fd00::2"]]), ["map", [["remote_ip", "fd00::2"]]]],
  ["a map from integers to rows", new Map([[7, { uuid: id }]]), ["map", [[7, ["uuid", id]]]]],
];

test.each(notations)("%s is written", (_, value, json) => {
  expect(toNotation(value)).toEqual(json);
});

test.each(notations)("%s is read", (_, value, json) => {
  expect(fromNotation(json)).toEqual(value);
});

test.each<[string, Json]>([
  ["null", null],
  ["an object", { uuid: id }],
  ["an unknown word", ["list", []]],
  ["a set that is no list", ["set", "x"]],
  ["a set of sets", ["set", [["set", []]]]],
  ["half a pair", ["map", [["key"]]]],
  ["a map of plain values", ["map", ["key", "value"]]],
  ["a UUID that is too short", ["uuid", "8b2e9d5c"]],
  ["an integer beyond what JSON keeps", 2 ** 53],
])("%s is no value", (_, json) => {
  expect(() => fromNotation(json)).toThrow(OvsdbError);
});

test.each<[string, Value]>([
  ["a row's name with a dash", { named: "br-int" }],
  ["a row's name that begins with a digit", { named: "0a" }],
  ["a UUID in braces", { uuid: `{${id}}` }],
  ["no number", Number.NaN],
  ["a number that would be rounded", 2 ** 53],
])("%s cannot be written", (_, value) => {
  expect(() => toNotation(value)).toThrow(TypeError);
});
