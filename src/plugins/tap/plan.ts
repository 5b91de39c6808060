import type { Op } from "../../change/index.ts";
import { POD } from "../../cni/index.ts";
import type { IfName } from "../../values/index.ts";
import type { TapConf } from "./schema.ts";

/** The device stays when nobody has it open. One that has an owner and a group has virtio's headers, as the reference makes it. */
export function planTap({ multiQueue, owner, group, mtu, mac, bridge }: TapConf, name: IfName): readonly Op[] {
  const data = {
    type: "tap" as const,
    ...(owner !== undefined && group !== undefined && { vnetHdr: true }),
    ...(multiQueue && { multiQueue }),
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
  };
  const rest = {
    ...(mtu !== undefined && { mtu }),
    ...(mac !== undefined && { mac }),
    ...(bridge !== undefined && { master: bridge }),
  };
  return [{ do: "link.add", netns: POD, link: { name, kind: "tun", data, ...rest } }];
}
