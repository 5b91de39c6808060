import { describe, expect, test } from "bun:test";
import { ipuRuns } from "../_golden.ts";
import { ipu } from "./index.ts";

const runs = await ipuRuns();

describe("every recorded run of the original", () => {
  test.each(runs.map((run) => [run.args.join(" "), run] as const))("ipu %s", async (_, { args, ...left }) => {
    expect(await ipu(args, "0")).toEqual(left);
  });

  test("there are all of them", () => {
    expect(runs.length).toBe(186);
  });
});
