/**
 * What a plugin answers to ADD, in the shape of CNI 1.1.0 (SPEC "ADD Success"); older shapes are made from it and read
 * into it by `convert.ts`. Addresses are canonical texts. Absent means absent.
 */
import type { Ip, Prefix } from "../values/index.ts";

export interface Interface {
  readonly name: string;
  /** Lower case; not always six bytes: InfiniBand has 20. */
  readonly mac?: string;
  /** Bytes. Since 1.1.0. */
  readonly mtu?: number;
  /** Path of the namespace as `CNI_NETNS` gave it; absent for an interface on the host. */
  readonly sandbox?: string;
  readonly socketPath?: string;
  readonly pciID?: string;
}

export interface IpConfig {
  /** With its host bits. */
  readonly address: Prefix;
  readonly gateway?: Ip;
  /** Place in `interfaces`. Never set by IPAM. */
  readonly interface?: number;
}

export interface Route {
  readonly dst: Prefix;
  readonly gw?: Ip;
  /** Bytes. These five since 1.1.0. */
  readonly mtu?: number;
  readonly advmss?: number;
  readonly priority?: number;
  readonly table?: number;
  /** Number of linux/rtnetlink.h, `RT_SCOPE_*`. */
  readonly scope?: number;
}

export interface Dns {
  readonly nameservers?: readonly string[];
  readonly domain?: string;
  readonly search?: readonly string[];
  readonly options?: readonly string[];
}

export interface Result {
  readonly interfaces?: readonly Interface[];
  readonly ips?: readonly IpConfig[];
  readonly routes?: readonly Route[];
  readonly dns?: Dns;
}
