/** An archive in the form `newc` that the kernel unpacks as its first root (Documentation/driver-api/early-userspace/buffer-format.rst). */

export interface Entry {
  /** Without a leading slash; folders before what is in them. */
  readonly path: string;
  /** Type and permissions, as `st_mode`. */
  readonly mode: number;
  readonly data?: Uint8Array;
}

/** Everything belongs to root and has no date. */
export function packCpio(entries: readonly Entry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  [...entries, { path: "TRAILER!!!", mode: 0 }].forEach(({ path, mode, data = new Uint8Array() }: Entry, index) => {
    const name = new TextEncoder().encode(`${path}\0`);
    const fields = [index + 1, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length, 0];
    const head = new TextEncoder().encode(
      `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`,
    );
    parts.push(head, name, padding(head.length + name.length), data, padding(data.length));
  });
  return Buffer.concat(parts);
}

/** Names and data end on multiples of four bytes. */
const padding = (length: number): Uint8Array => new Uint8Array(-length & 3);
