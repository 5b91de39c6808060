import type { Op } from "../../change/index.ts";
import { POD } from "../../cni/index.ts";
import type { IfName } from "../../values/index.ts";

export function planDummy(name: IfName): readonly Op[] {
  return [{ do: "link.add", netns: POD, link: { name, kind: "dummy" } }];
}
