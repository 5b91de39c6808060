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

/** IFNAMSIZ. */
export const ifname = text(16);
/** ALTIFNAMSIZ. */
export const altIfname = text(128);
