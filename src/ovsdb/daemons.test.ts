import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { complaintsIn } from "./daemons.ts";

const folder = mkdtempSync(join(tmpdir(), "netloom-ovsdb-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the last complaints are told, of a log of any length", () => {
  const line = (level: string, text: string): string => `2026-01-02T03:04:05.678Z|00001|bridge|${level}|${text}\n`;
  const log = line("WARN", "could not add p1").repeat(6) + line("INFO", "added p2").repeat(5000) + line("ERR", "no p3");
  writeFileSync(join(folder, "ovs-vswitchd.log"), log);
  expect(complaintsIn(folder)).toBe(`${"could not add p1; ".repeat(4)}no p3`);
});
