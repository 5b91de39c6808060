import type { NetnsName, Op } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";

/** Values by key; keys are written with `/`, because names of interfaces may have dots. */
export type Sysctls = Readonly<Record<string, string>>;

/** How pods' interfaces behave: addresses work at once, and nobody's advertisements change them. */
export function quiet(dev: string): Sysctls {
  return { ...undetected(dev), [`net/ipv6/conf/${dev}/accept_ra`]: "0" };
}

/** Addresses work at once: they were calculated, not guessed. */
export function undetected(dev: string): Sysctls {
  return { [`net/ipv6/conf/${dev}/accept_dad`]: "0" };
}

/** IPV6_MIN_MTU, bytes: a link with less has no IPv6, and no settings of it. */
export const LEAST_MTU6 = 1280;

/** Whether the kernel has IPv6 at all, and for links with this MTU. */
export function hasIpv6(kernel: Kernel, netns: NetnsName, mtu = LEAST_MTU6): boolean {
  if (mtu < LEAST_MTU6) return false;
  return kernel.sysctl(netns, "net/ipv6/conf/default/accept_dad") !== undefined;
}

/** The values that differ from what is there. */
export function sysctlOps(kernel: Kernel, netns: NetnsName, wanted: Sysctls): Op[] {
  return Object.entries(wanted).flatMap(([key, value]): Op[] => {
    const was = kernel.sysctl(netns, key);
    return was === undefined || was === value ? [] : [{ do: "sysctl.set", netns, key, value, was }];
  });
}

/** The same where nothing has been set yet. */
export function freshSysctlOps(netns: NetnsName, wanted: Sysctls): Op[] {
  return Object.entries(wanted).map(([key, value]) => ({ do: "sysctl.set", netns, key, value }));
}
