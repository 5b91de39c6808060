import { type Ip, type Prefix, makePrefix } from "../values/index.ts";
import { fact } from "./_absent.ts";
import { type AddrAttrs, type AddrFlag, type AddrHeader, FOREVER, IFA_F } from "./addr-message.ts";
import type { Scope } from "./scope.ts";

/** An address of a link as the kernel reports it. */
export interface Addr {
  /** Of the link. */
  readonly index: number;
  readonly prefix: Prefix;
  readonly peer?: Ip;
  readonly broadcast?: Ip;
  readonly label?: string;
  readonly scope: Scope | number;
  readonly flags: readonly AddrFlag[];
  readonly routePriority?: number;
  /** Who put it there. */
  readonly protocol?: NonNullable<AddrAttrs["protocol"]>;
  /** Seconds left; absent for ever. */
  readonly valid?: number;
  /** Seconds left; absent for ever. */
  readonly preferred?: number;
}

/** A fact from an address message; `undefined` for multicast and anycast ones. */
export function readAddr(header: AddrHeader, values: AddrAttrs): Addr | undefined {
  const address = values.local ?? values.address;
  if (address === undefined) return undefined;
  const bits = values.flags ?? header.flags;
  const names = Object.keys(IFA_F) as AddrFlag[];
  return fact<Addr>({
    index: header.index,
    prefix: makePrefix(address, header.prefixLength),
    peer: values.address === address ? undefined : values.address,
    broadcast: values.broadcast,
    label: values.label,
    scope: header.scope,
    flags: names.filter((name) => (bits & IFA_F[name]) !== 0),
    routePriority: values.routePriority,
    protocol: values.protocol,
    valid: finite(values.cacheInfo?.valid),
    preferred: finite(values.cacheInfo?.preferred),
  });
}

function finite(seconds: number | undefined): number | undefined {
  return seconds === FOREVER ? undefined : seconds;
}
