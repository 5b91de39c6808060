import { expect, test } from "bun:test";
import { timeOfDay } from "./clock.ts";

test("the time of day is that of date(1), in the zone of this process", () => {
  const said = () => Bun.spawnSync(["date", "+%H:%M:%S"], { env: process.env }).stdout.toString().trim();
  const [before, own, after] = [said(), timeOfDay(), said()];
  expect(own).toMatch(/^\d\d:\d\d:\d\d$/);
  // Around midnight the later one is the lesser.
  expect(before <= own || after < before).toBe(true);
  expect(own <= after || after < before).toBe(true);
});
