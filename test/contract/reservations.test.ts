import { afterAll, describe } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileStore, MemoryStore } from "../../src/ipam/index.ts";
import { reservationsSuite } from "./reservations.ts";

const root = mkdtempSync(join(tmpdir(), "netloom-ipam-"));
afterAll(() => rmSync(root, { recursive: true }));
let opened = 0;

describe("in memory", () => reservationsSuite(() => new MemoryStore()));
describe("in files", () => reservationsSuite(() => new FileStore(join(root, "deep", String(opened++)))));
