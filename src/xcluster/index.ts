export {
  type Addresses,
  EXTERNAL_HOST,
  addressesAt,
  addressesOfPod,
  netsOf,
  nodeAddresses,
  shuffledAddresses,
} from "./addresses.ts";
export { XclusterError, type XclusterErrorCode } from "./error.ts";
export { LONGEST_NAME, type PodNumbers, type PodRange, parsePodName, podName, podNames } from "./names.ts";
export { hostnameOf, nodeNumberOf, wholeNumber } from "./node.ts";
export { type Overlap, type Range, type Space, overlapsOf, parseSpace } from "./overlap.ts";
export { type Printed, inTurn, printed, refused } from "./printed.ts";
export { type HelpEntry, printingHelp } from "./printing-help.ts";
export { type PrintingCall, printing } from "./printing.ts";
export { type Settings, familyOfWord, settingsOf, templatesOf } from "./settings.ts";
export { MOST_NUMBERS, type Shuffled, USUAL_NUMBERS, shuffle } from "./shuffle.ts";
export { RND_ADDRESSES, parseShuffled, printShuffled, readShuffled, readShuffledLines } from "./shuffled-file.ts";
export { type Division, type Slice, requireRoom, sliceOf, slicesOf } from "./slices.ts";
export { strictPrinting } from "./strict-printing.ts";
export { type Variables, type Words, defaults, isOption, variablesOf, wordsOf } from "./variables.ts";
