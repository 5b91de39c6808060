import { aliasFor } from "../change/index.ts";
import type { LinkSpecOf } from "../change/index.ts";
import type { IfName } from "../values/index.ts";

/** Name and tag of a link in `place`; where its own name is too long for the kernel, it is an alternative name. */
export function linkNames(
  owner: string,
  name: IfName,
  place: string,
  long: string,
): Pick<LinkSpecOf<"veth">, "name" | "alias" | "altNames"> {
  return { name, alias: aliasFor(owner, `${place}/${long}`), ...(long === name ? {} : { altNames: [long] }) };
}
