/**
 * What a plugin is. The skeleton (`serve.ts`) reads the call and prints the answer; the plugin decides, and acts through
 * the ports it is given. The runtime and other plugins call it the same way, in this process or by exec.
 */
import type { Kernel } from "../kernel/index.ts";
import type { Op } from "../change/index.ts";
import type { Result } from "./result.ts";
import type { SpecVersion } from "./version.ts";

export type Command = "ADD" | "DEL" | "CHECK" | "STATUS" | "GC" | "VERSION";

/** An object of the configuration, keys as written. Read it through `conf.ts`, which matches keys in any case. */
export type JsonObject = { readonly [key: string]: unknown };

/** A call with its variables and its standard input read; `prevResult` in the newest shape. */
export interface Call {
  readonly command: Exclude<Command, "VERSION">;
  /** Empty for STATUS and GC, as are `netns` and `ifname`. */
  readonly containerId: string;
  /** `CNI_NETNS` as passed. May be empty, or name what is gone, at DEL. */
  readonly netns: string;
  readonly ifname: string;
  /** `CNI_ARGS`, parsed leniently as key and value; `parseArgs` in `args.ts` is the strict reading. */
  readonly args: string;
  /** `CNI_PATH`, split. */
  readonly path: readonly string[];
  readonly version: SpecVersion;
  /** The network's name. */
  readonly network: string;
  /** The whole configuration. */
  readonly conf: JsonObject;
  /** The same as it was written, where it was: in `conf` a key that comes twice is there once. */
  readonly text?: string;
  readonly prevResult?: Result;
  /** GC: the attachments that are valid (`cni.dev/valid-attachments`); absent if the caller did not say. */
  readonly valid?: readonly Attachment[];
}

/** An attachment as GC names it. */
export interface Attachment {
  readonly containerID: string;
  readonly ifname: string;
}

/** Names of the two namespaces of a call in ops: `host` is the plugin's own, `pod` that of `CNI_NETNS`. */
export const HOST = "host";
export const POD = "pod";

/**
 * What a plugin acts through. When ADD fails, everything done through it is undone in reverse order: ops by their inverses, the
 * rest by what `undo` was given. Other commands go as far as they come: they only take away, and may be called again.
 */
export interface Work {
  /** Knows the namespaces {@link HOST} and, where it exists, {@link POD}. */
  readonly kernel: Kernel;
  /** Whether {@link POD} is there: always at ADD and CHECK; at DEL it may be gone, at STATUS and GC there is none. */
  readonly pod: boolean;
  /** Runs ops, remembering them. @throws {OpError} */
  run(ops: readonly Op[]): void;
  /** `back` is called if a later step of ADD fails; `what` says in a few words what it does. */
  undo(what: string, back: () => void | Promise<void>): void;
  /**
   * Calls another plugin with this call's variables and configuration: in this process where it is ours, else by exec. Of an
   * ADD that is undone later, `delegate` has seen to itself. @throws {CniError} the delegate's own; 102 where it is not found
   */
  delegate(type: string, command?: Call["command"]): Promise<Result | undefined>;
  /** Tells people, on standard error, what is no reason to fail. Callers show it only where the command succeeds. */
  warn(text: string): void;
  /** Nothing may be changed outside `kernel`: somebody asked what would be done. */
  readonly dry: boolean;
}

/** @typeParam C - the plugin's own configuration, parsed */
export interface Plugin<C = unknown> {
  readonly name: string;
  /** One line for `netloom cni install --list`. */
  readonly about: string;
  readonly versions: readonly SpecVersion[];
  /** It never looks at `work.kernel`, so that need not be loaded: IPAM by files. */
  readonly withoutKernel?: true;
  /** Reads what is the plugin's own, strictly; at DEL, GC it must not fail on what these do not need. @throws {CniError} */
  parse(call: Call): C;
  add(conf: C, call: Call, work: Work): Result | Promise<Result>;
  del(conf: C, call: Call, work: Work): void | Promise<void>;
  check?(conf: C, call: Call, work: Work): void | Promise<void>;
  /** @throws {CniError} 50 or 51 with the reason when not ready */
  status?(conf: C, call: Call, work: Work): void | Promise<void>;
  /** Removes what belongs to none of `call.valid`. Goes on after failures and throws them together at the end. */
  gc?(conf: C, call: Call, work: Work): void | Promise<void>;
}
