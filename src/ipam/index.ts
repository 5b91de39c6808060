export { type Allocation, type Pick, allocate, usage } from "./allocate.ts";
export { IpamError, type IpamErrorCode } from "./error.ts";
export { FileStore } from "./file.ts";
export { MemoryStore } from "./memory.ts";
export { checkSets, familyOfSet, printRange, printSet, rangeWith, sizeOf } from "./pool.ts";
export { type Range, type RangeSet, type RangeText, readRange } from "./range.ts";
export { reserve } from "./reserve.ts";
export { type Ledger, type OpenLedger, type Owner, type Reservation, type Store, owns } from "./store.ts";
