/** `IFALIASZ` of linux/if.h without the closing NUL. */
const aliasBytes = 255;
const prefix = "netloom:";

/** The tag on every object of a lab. */
export function ownerTag(lab: string): string {
  return `${prefix}${lab}`;
}

/** A link's alias: the owner's tag and the name that did not fit into 15 bytes, cut to what the kernel takes. */
export function aliasFor(owner: string, longName: string): string {
  const alias = `${owner}/${longName}`;
  if (Buffer.byteLength(alias) <= aliasBytes) return alias;
  let cut = alias.slice(0, aliasBytes);
  while (Buffer.byteLength(cut) > aliasBytes) cut = cut.slice(0, -1);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/** The owner's tag in an alias; absent when it is none of ours. */
export function ownerOfAlias(alias: string): string | undefined {
  if (!alias.startsWith(prefix)) return undefined;
  const slash = alias.indexOf("/");
  const tag = slash < 0 ? alias : alias.slice(0, slash);
  return tag.length > prefix.length ? tag : undefined;
}
