import type { LinkState } from "../../change/index.ts";

/** RFC 8200 section 5. Below it a device has no IPv6 at all, and nothing of IPv6 can be set on it. */
const minimumIpv6Mtu = 1280;

/** A device that sends nothing by itself: no link-local address, hence no solicitations and reports. */
export function silent(mtu: number): LinkState {
  return mtu < minimumIpv6Mtu ? {} : { addrGenMode: "none" };
}

/** A device that makes its link-local address, as the kernel's own do from the beginning. */
export function speaking(mtu: number): LinkState {
  return mtu < minimumIpv6Mtu ? {} : { addrGenMode: "eui64" };
}
