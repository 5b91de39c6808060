/**
 * nf_tables without a program. Rules are data, made by small functions whose names follow nft(8):
 * `rule([is("ip saddr", "10.0.0.2"), isNot("ip daddr", "10.0.0.0/24"), masquerade], "pod 2")`.
 */
export {
  type Owned,
  type OwnedElements,
  type SharedTable,
  MOST_OWNER,
  ownChain,
  ownComment,
  ownerPart,
} from "./owned.ts";
export type { Base, ChainSpec, Element, Hook, Priority, SetSpec, TableFamily, TableRef, TableSpec } from "./table.ts";
export type { TypeName } from "./data-type.ts";
export type { Field, FlagField, Value } from "./field.ts";
export {
  type Mutable,
  type Rule,
  type Statement,
  type Verdict,
  accept,
  back,
  copyMark,
  count,
  dnat,
  dnatBy,
  drop,
  goTo,
  hasAny,
  hasBits,
  is,
  isIn,
  isNot,
  isNotIn,
  jump,
  masquerade,
  reject,
  rule,
  setMark,
  snat,
  vmap,
} from "./rule.ts";
export { printDisowned, printElement, printOwned, printRule, printTable } from "./print.ts";
export { type TableFact, addTable, delTable, getGeneration, getTable, listTables } from "./tables.ts";
export { type ChainFact, addChain, delChain, flushChain, getChain, listChains } from "./chains.ts";
export { type RuleFact, addRule, delRule, listRules } from "./rules.ts";
export { addSet } from "./sets.ts";
export { addElements, delElements, delElementsRaw, getElement, keyBytes, listElements } from "./elements.ts";
export { type Refused, type TransactionOptions, refusedError, transaction, tryTransaction } from "./transaction.ts";
export type { ExpressionFact } from "./expression.ts";
export { canonical, canonicalData } from "./canonical.ts";
export { compile, verdictData } from "./compile.ts";
export { type Entry, commentOf } from "./udata.ts";
export { type ElementFact, messageKinds } from "./message.ts";
