import { type Codec, WireError, cstr } from "../wire/index.ts";

const utf8 = new TextEncoder();

/** A string with a limit in bytes, the closing NUL included (IFNAMSIZ, ALTIFNAMSIZ, IFALIASZ of linux/if.h). */
export function text(limit: number): Codec<string> {
  return {
    ...cstr,
    put(writer, value) {
      const size = utf8.encode(value).length + 1;
      if (size > limit) throw new WireError("overflow", `"${value}" takes ${size} bytes, the kernel has ${limit}`);
      cstr.put(writer, value);
    },
  };
}

/** A string whose length alone says where it ends, up to `limit` bytes; empty is no bytes at all. */
export function bare(limit: number): Codec<string> {
  return {
    ...cstr,
    put(writer, value) {
      const bytes = utf8.encode(value);
      if (bytes.length > limit) {
        throw new WireError("overflow", `"${value}" takes ${bytes.length} bytes, the kernel has ${limit}`);
      }
      writer.raw(bytes);
    },
  };
}

/** IFNAMSIZ. */
export const ifname = text(16);
/** ALTIFNAMSIZ. */
export const altIfname = text(128);
