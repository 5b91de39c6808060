import { expect, test } from "bun:test";
import { cutVmlinux } from "./vmlinux.ts";

/** An image whose setup code is `sectors` long, with a payload as the kernel's build appends it. */
function image(packed: Uint8Array, sectors: number): Uint8Array {
  const head = Buffer.alloc((sectors + 1) * 512 + 64);
  head[0x1f1] = sectors;
  head.write("HdrS", 0x202, "latin1");
  head.writeUInt32LE(64, 0x248);
  head.writeUInt32LE(packed.length + 4, 0x24c);
  return Buffer.concat([head, packed, Buffer.from([0, 1, 2, 3]), Buffer.alloc(4096)]);
}

const elf = Buffer.from(`\x7fELF${"kernel".repeat(100)}`, "latin1");

test("the kernel proper is what was packed", () => {
  expect(cutVmlinux(image(Bun.zstdCompressSync(elf), 27))).toEqual(elf);
  expect(cutVmlinux(image(Bun.gzipSync(elf), 4))).toEqual(elf);
  const xz = Bun.spawnSync(["xz", "-c", "--check=crc32"], { stdin: elf });
  if (xz.success) expect(cutVmlinux(image(xz.stdout, 27))).toEqual(elf);
});

test("anything else is left to qemu", () => {
  expect(cutVmlinux(Buffer.alloc(8192))).toBeUndefined();
  expect(cutVmlinux(image(Bun.gzipSync(Buffer.from("no kernel")), 4))).toBeUndefined();
  expect(cutVmlinux(image(Buffer.from("LZMA or something"), 4))).toBeUndefined();
});
