import type { NetnsName } from "./net.ts";

/** A wish that cannot be had: thrown before anything is changed. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
  /** `taken`: the namespace is there and is somebody else's; `contradiction`: the wish is at odds with itself. */
  readonly code: "taken" | "contradiction";
  readonly netns: NetnsName;
  /** The tag that was found on a taken namespace; absent when it has none. */
  readonly owner: string | undefined;

  constructor(code: ConflictError["code"], netns: NetnsName, message: string, owner?: string) {
    super(message);
    this.code = code;
    this.netns = netns;
    this.owner = owner;
  }
}

export function taken(netns: NetnsName, found: string | undefined, wanted: string): ConflictError {
  const whose = found === undefined ? "carries no owner's tag" : `belongs to "${found}"`;
  const fix = `rename it in the wish, or remove it yourself if nobody needs it: ip netns delete ${netns}`;
  return new ConflictError(
    "taken",
    netns,
    `namespace ${netns} is wanted by "${wanted}" but exists and ${whose}; it is left untouched. To go on, ${fix}`,
    found,
  );
}

export function contradiction(netns: NetnsName, what: string, fix: string): ConflictError {
  return new ConflictError("contradiction", netns, `namespace ${netns}: ${what}; ${fix}`);
}
