import { describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packCpio } from "./cpio.ts";

const busybox = "/bin/busybox";

describe.skipIf(!existsSync(busybox))("an archive (needs the program busybox)", () => {
  test("is what cpio unpacks, whatever the lengths of names and files", () => {
    const folder = mkdtempSync(join(tmpdir(), "netloom-cpio-"));
    const text = (length: number): Uint8Array => new TextEncoder().encode("x".repeat(length));
    const lengths = [0, 1, 2, 3, 4, 5, 4095];
    const archive = packCpio([
      { path: "d", mode: 0o040755 },
      ...lengths.map((length) => ({
        path: `d/${"n".repeat(length % 7)}${length}`,
        mode: 0o100750,
        data: text(length),
      })),
    ]);
    const unpacked = Bun.spawnSync([busybox, "cpio", "-i"], { stdin: archive, cwd: folder });
    expect(unpacked.success).toBe(true);
    for (const length of lengths) {
      const path = join(folder, "d", `${"n".repeat(length % 7)}${length}`);
      expect(readFileSync(path)).toEqual(Buffer.from(text(length)));
      expect(statSync(path).mode).toBe(0o100750);
    }
    rmSync(folder, { recursive: true });
  });
});
