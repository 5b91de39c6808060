import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { shuffle } from "./shuffle.ts";
import { parseShuffled, printShuffled } from "./shuffled-file.ts";
import { requireRoom, sliceOf, slicesOf } from "./slices.ts";
import { parseTemplate } from "../values/index.ts";

const anySeed = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/);

describe("shuffle", () => {
  test("anybody makes the same with sha256sum and sort", () => {
    const program = `for i in $(seq 12); do echo "$(printf %s "demo:$i" | sha256sum | cut -c1-64) $i"; done | LC_ALL=C sort | cut -d' ' -f2`;
    const { stdout } = Bun.spawnSync(["sh", "-c", program]);
    expect(shuffle("demo", 12).numbers.join("\n")).toBe(stdout.toString().trim());
  });

  test("this seed always had this order", () => {
    expect(shuffle("1").numbers.slice(0, 8)).toEqual([208, 72, 252, 244, 195, 30, 100, 156]);
  });

  test("every number once", () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 600 }), (seed, count) => {
        const { numbers } = shuffle(seed, count);
        expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, at) => at + 1));
      }),
      { numRuns: 30 },
    );
  });

  test("the first number is any of them, for other seeds", () => {
    const firsts = Array.from({ length: 2000 }, (_, seed) => shuffle(String(seed), 8).numbers[0] ?? 0);
    for (let number = 1; number <= 8; number++) {
      const share = firsts.filter((first) => first === number).length / firsts.length;
      expect(share).toBeWithin(0.09, 0.16);
    }
  });

  test.each(["", "two words", "a\nb", "x".repeat(65), "ä"])("a seed that no line can carry is refused: %p", (seed) => {
    expect(() => shuffle(seed)).toThrow("cannot be written into the list");
  });

  test.each([0, 1.5, 1_000_001])("%d numbers are refused", (count) => {
    expect(() => shuffle("x", count)).toThrow("a list has 1 to 1000000 numbers");
  });
});

describe("file", () => {
  test("what is written is read again", () => {
    fc.assert(
      fc.property(anySeed, fc.integer({ min: 1, max: 300 }), (seed, count) => {
        expect(parseShuffled(printShuffled(shuffle(seed, count)), "x")).toEqual(shuffle(seed, count));
      }),
      { numRuns: 30 },
    );
  });

  test("line I is number I for who reads lines, and there is none too many", () => {
    const shuffled = shuffle("demo");
    const text = printShuffled(shuffled);
    const sed = (program: string) =>
      Bun.spawnSync(["sed", "-n", program], { stdin: Buffer.from(text) }).stdout.toString();
    expect(sed("7p")).toBe(`${shuffled.numbers[6]}\n`);
    expect(sed("254p")).toBe(`${shuffled.numbers[253]}#seed=demo\n`);
    expect(sed("255p")).toBe("");
    expect(
      Bun.spawnSync(["sort", "-nu"], { stdin: Buffer.from(text) })
        .stdout.toString()
        .split("\n"),
    ).toHaveLength(255);
  });

  test("xcluster's own has no seed", () => {
    expect(parseShuffled("2\n1\n3\n", "x")).toEqual({ numbers: [2, 1, 3] });
  });

  test.each([
    ["1\n2x\n3\n", `list:2: "2x" is no number from 1`],
    ["1\n0\n", `list:2: "0" is no number`],
    ["1#seed=x\n2\n", "list:1: "],
    ["1\n\n2\n", "list:2: "],
    ["3\n1\n3\n", "list:3: 3 is already in line 1"],
    ["4294967297\n", "list:1: "],
    ["", "list has 0 numbers"],
  ])("%p is refused: %s", (text, message) => {
    expect(() => parseShuffled(text, "list")).toThrow(message);
  });
});

describe("slices", () => {
  const list = shuffle("demo");

  test("no number belongs to two, and all that are used are the first of the list", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 20 }), (nodes, pods) => {
        const all = slicesOf(list, { nodes, pods });
        const used = [...all.map(({ own }) => own), ...all.flatMap((slice) => slice.pods)];
        expect(used).toEqual(list.numbers.slice(0, nodes * (pods + 1)));
      }),
    );
  });

  test("lines are where the original reads: (node-1)·NPODS+1+nvm", () => {
    expect(sliceOf(list, { nodes: 4, pods: 62 }, 4)).toMatchObject({ line: 4, podsLine: 3 * 62 + 1 + 4 });
    expect(list.numbers[190]).toBe(sliceOf(list, { nodes: 4, pods: 62 }, 4).pods[0]);
  });

  test("exhaustion says the numbers, and what is enough", () => {
    const refusal = (nodes: number, pods: number) => {
      try {
        return slicesOf(list, { nodes, pods });
      } catch (error) {
        return error;
      }
    };
    expect(refusal(4, 62)).toHaveLength(4);
    expect(refusal(4, 63)).toMatchObject({
      code: "exhausted",
      message: "4 nodes with 63 pods each want 4·(63+1) = 256 numbers, and the list has 254",
      hint: "it is enough for 62 pods on each of 4 nodes; 'netloom addr shuffle --count 256' makes a longer one",
    });
    expect(refusal(300, 0)).toMatchObject({
      hint: "it is enough for 254 nodes; 'netloom addr shuffle --count 300' makes a longer one",
    });
  });

  test("only numbers that are used have to fit the host slot", () => {
    const narrow = [parseTemplate("172.16.0.0/24/28")];
    const small = { numbers: [3, 2, 15, 99] };
    expect(() => requireRoom(small, { nodes: 3, pods: 0 }, narrow)).not.toThrow();
    expect(() => requireRoom(small, { nodes: 2, pods: 1 }, narrow)).toThrow("number 99 in line 4 of the list");
  });
});
