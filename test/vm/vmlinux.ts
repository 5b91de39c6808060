/**
 * The kernel proper out of a bzImage. qemu starts it by its PVH entry, which saves seconds of decompression by emulated
 * instructions (Documentation/arch/x86/boot.rst, The Real-Mode Kernel Header).
 */

const SETUP_SECTS = 0x1f1;
const MAGIC = 0x202;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;

/** @returns `undefined` where the image has another form or compression: qemu starts it as it is, only slower */
export function cutVmlinux(image: Uint8Array): Uint8Array | undefined {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
  if (bytes.length < 0x1000 || bytes.toString("latin1", MAGIC, MAGIC + 4) !== "HdrS") return undefined;
  const begin = ((bytes[SETUP_SECTS] || 4) + 1) * 512 + bytes.readUInt32LE(PAYLOAD_OFFSET);
  const payload = bytes.subarray(begin, begin + bytes.readUInt32LE(PAYLOAD_LENGTH));
  const packed = payload.subarray(0, -4); // the length of what is inside follows
  const kernel = unpack(packed);
  return kernel?.toString("latin1", 1, 4) === "ELF" ? kernel : undefined;
}

function unpack(packed: Buffer): Buffer | undefined {
  if (packed.subarray(0, 4).equals(Buffer.from("28b52ffd", "hex"))) return Bun.zstdDecompressSync(packed);
  if (packed.subarray(0, 2).equals(Buffer.from("1f8b", "hex"))) return Buffer.from(Bun.gunzipSync(packed.slice()));
  if (!packed.subarray(0, 6).equals(Buffer.from("fd377a585a00", "hex"))) return undefined;
  const { success, stdout } = Bun.spawnSync(["xz", "-dc"], { stdin: packed });
  return success ? stdout : undefined;
}
