import type { Job, LocalNode, Some } from "../../pods/index.ts";
import { type Variables, wholeNumber } from "../../xcluster/index.ts";

/** A call of a command that changes something. */
export interface ActingCall {
  readonly job: Job;
  readonly node: LocalNode;
  /** What follows the command and its options. */
  readonly args: readonly string[];
  /** Options included: `--a-b` is `__a_b`. */
  readonly variables: Variables;
  /** Prints data: `json` where that is asked for, else the lines. */
  readonly print: (lines: readonly string[], json: unknown) => void;
}

/** A command of `netns_test` that changes something, or looks at what is there. */
export interface Acting {
  /** After its name, in help. */
  readonly words?: string;
  readonly about: string;
  /** Its own options, as variables, besides those that all have. */
  readonly options?: readonly `__${string}`[];
  /** How many words must follow, and what is said where they do not. */
  readonly needs?: readonly [count: number, refusal: string];
  /** The text of its line in the log of a test; a test case has one. */
  readonly text?: (call: Pick<ActingCall, "args" | "node">) => string;
  readonly run: (call: ActingCall) => void | Promise<void>;
}

/** How many words a command takes besides options: those that its help has. */
export function mostWords({ words = "" }: Pick<Acting, "words">): number {
  const own = words.split(" ").filter((word) => /^\[?\w/.test(word));
  return own.some((word) => word.endsWith("...")) ? Infinity : own.length;
}

/** Options that every command has. */
export const commonOptions: readonly string[] = [
  "__family",
  "__interval",
  "__json",
  "__net",
  "__node",
  "__nrouters",
  "__nvm",
  "__retries",
  "__timeout",
  "__verbose",
];

/** `[count] [first]` from a place on; empty words count as absent. @throws {XclusterError} `bad-number` */
export function someFrom(args: readonly string[], at = 0): Some {
  const [count = "", first = ""] = args.slice(at);
  return {
    ...(count !== "" && { count: wholeNumber("the count of pods", count, 0, 65_536) }),
    ...(first !== "" && { first: wholeNumber("the first pod's number", first, 1, 99_999_999) }),
  };
}

/** `--mtu`, bytes. @throws {XclusterError} `bad-number` */
export function mtuOf({ __mtu }: Variables): { readonly mtu?: number } {
  return __mtu === undefined ? {} : { mtu: wholeNumber("--mtu", __mtu, 68, 65_535) };
}

/** `--gateway-host`: which host of the node's net is the pods' gateway. @throws {XclusterError} `bad-number` */
export function gatewayHostOf({ __gateway_host }: Variables): { readonly host?: number } {
  return __gateway_host === undefined ? {} : { host: wholeNumber("--gateway-host", __gateway_host, 0) };
}
