import { expect, test } from "bun:test";
import fc from "fast-check";
import { findJsonFault } from "./_json-fault.ts";

test.each([
  ["", 1, 1, "the text ends here: a value is expected"],
  ['{"a": 1,\n "b" 2}', 2, 6, '":" is expected'],
  ['{"a": 1\n "b": 2}', 2, 2, '"," or "}" is expected'],
  ['{"a": 1,\n}', 1, 8, 'nothing follows this ","'],
  ["{'a': 1}", 1, 2, 'a name in "" is expected'],
  ['{"a": [1, 2', 1, 12, 'the text ends here: the "[" of line 1 is not closed'],
  ['{"a":\n{"b": true}\n', 3, 1, 'the text ends here: the "{" of line 1 is not closed'],
  ['{"a": tru}', 1, 7, "a value is expected"],
  ['{"a": "x\ny"}', 1, 7, "a text is not closed on its line, or has a character that must be escaped"],
  ["{} {}", 1, 4, "something follows the end"],
  ["[01]", 1, 3, '"," or "]" is expected'],
])("%j", (text, line, column, what) => {
  expect(findJsonFault(text)).toEqual({ line, column, what });
  expect(() => JSON.parse(text) as unknown).toThrow();
});

test("it agrees with the parser on what is JSON", () => {
  const pieces = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    "1",
    "-",
    "e",
    " ",
    "\n",
    "true",
    "null",
    "\\",
    '"',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.array(pieces, { maxLength: 12 }).map((all) => all.join("")),
      ),
      (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(findJsonFault(text) === undefined).toBe(isJson);
      },
    ),
    { numRuns: 1000 },
  );
});
