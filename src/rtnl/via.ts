import { type Ip, familyOf } from "../values/index.ts";
import { type Codec, WireError, ip, u16 } from "../wire/index.ts";
import { AF } from "./family.ts";

/** RTA_VIA: a gateway of another family than the route, `struct rtvia` of linux/rtnetlink.h. */
export const via: Codec<Ip> = {
  name: "via",
  get(bytes, start, end) {
    if (end - start < 2)
      throw new WireError("short", `a gateway begins with its family, got ${end - start} bytes`, [], start);
    const family = u16.get(bytes, start, start + 2);
    const size = family === AF.INET ? 4 : family === AF.INET6 ? 16 : undefined;
    if (size !== end - start - 2) {
      throw new WireError("bad-value", `family ${family} with an address of ${end - start - 2} bytes`, [], start);
    }
    return ip.get(bytes, start + 2, end);
  },
  put(writer, value) {
    writer.u16(familyOf(value) === 4 ? AF.INET : AF.INET6);
    ip.put(writer, value);
  },
};
