import type { AnyCodec, AttrsCodec } from "../../wire/index.ts";

/** A codec made from an attribute table, whatever its rows. */
type AnyAttrs = AnyCodec & Pick<AttrsCodec<unknown>, "fields" | "parts">;

/** What the registry knows of a link kind. */
export interface Kind {
  /** IFLA_INFO_DATA. */
  readonly data: AnyAttrs;
  /** IFLA_INFO_SLAVE_DATA of the devices that have a link of this kind as their master. */
  readonly port?: AnyAttrs;
  /**
   * Where the index of the device below goes: IFLA_LINK (`link`), a row `link` of the kind's own table (`data`),
   * or nowhere.
   */
  readonly lower: "link" | "data" | "none";
}
