import { type Codec, mac, raw } from "../wire/index.ts";
import type { Mac } from "../values/index.ts";

/** A link layer address: six bytes are a MAC; tunnels have an IP address there, InfiniBand twenty bytes. */
export const linkAddress: Codec<Mac | Uint8Array> = {
  name: "lladdr",
  get: (bytes, start, end) => (end - start === 6 ? mac.get(bytes, start, end) : raw.get(bytes, start, end)),
  put: (writer, value) => (typeof value === "string" ? mac.put(writer, value) : raw.put(writer, value)),
};

/** The address if it is a MAC. */
export function asMac(address: Mac | Uint8Array | undefined): Mac | undefined {
  return typeof address === "string" ? address : undefined;
}
