export { isDigits } from "./digits.ts";
export { ValueError } from "./error.ts";
export type { ValueErrorCode } from "./error.ts";
export { eui64Ip, isLinkLocal, linkLocalPrefix } from "./eui64.ts";
export { parseIfName, shortIfName, tryIfName } from "./ifname.ts";
export type { IfName } from "./ifname.ts";
export {
  addressBits,
  compareIp,
  familyOf,
  ipFromBigInt,
  ipFromBytes,
  ipToBigInt,
  ipToBytes,
  parseIp,
  tryIp,
} from "./ip.ts";
export type { Family, Ip } from "./ip.ts";
export { isUnicast, macFromBytes, macToBytes, parseMac, stableMac, tryMac } from "./mac.ts";
export type { Mac } from "./mac.ts";
export { nearest } from "./nearest.ts";
export {
  contains,
  hostPrefix,
  lastOf,
  makePrefix,
  networkOf,
  overlaps,
  parsePrefix,
  prefixIp,
  prefixLength,
  tryPrefix,
} from "./prefix.ts";
export type { Prefix } from "./prefix.ts";
export { formatDuration, formatPercent, formatRate, parseDuration, parsePercent, parseRate } from "./quantity.ts";
export {
  embedTemplate,
  parseTemplate,
  templateNet,
  templatePrefix,
  templateRoom,
  templateSlots,
  templateWhole,
} from "./template.ts";
export type { AddressTemplate, TemplateSlots } from "./template.ts";
export { parseVlanId } from "./vlan.ts";
export type { VlanId } from "./vlan.ts";
export { parseVni } from "./vni.ts";
export type { Vni } from "./vni.ts";
