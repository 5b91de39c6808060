/** What is done in both boxes of a comparison. */

/** The machine executes its instructions one by one (test/vm without KVM). */
export const emulated = Number(process.env["TEST_PATIENCE"] ?? 1) >= 10;

export type Conf = Readonly<Record<string, unknown>>;

export interface Case {
  readonly name: string;
  /** The chain. `name` and `cniVersion` are put in: `net`, and `version` below. */
  readonly chain: readonly Conf[];
  /** Default 1.0.0. */
  readonly version?: string;
  /** Types of plugins that the compared folder supplies; the reference supplies the others. Default: all. */
  readonly under?: readonly string[];
  /** Commands before the first step. Namespace `a` is there. */
  readonly before?: readonly string[];
  /** Default: ADD, CHECK, DEL, DEL again. */
  readonly steps?: readonly Step[];
  /** Kind of link the kernel must know, as `ip link add type`. */
  readonly needs?: string;
  readonly capabilities?: Conf;
}

export type Command = "ADD" | "DEL" | "CHECK" | "STATUS" | "GC" | "VERSION";

export type Step = CallStep | { readonly sh: string };

export interface CallStep {
  readonly call: Command;
  readonly id?: string;
  readonly ifname?: string;
  /** Name of a namespace, or a path; default `a`. */
  readonly netns?: string;
  readonly args?: string;
  readonly runtimeConfig?: Conf;
  /** Instead of the case's chain. */
  readonly chain?: readonly Conf[];
  /** Instead of that of the ADD before; `false`: none. */
  readonly prevResult?: unknown;
  /** In place of the whole standard input. */
  readonly stdin?: string;
  /** Over the usual variables; `null` takes one away. */
  readonly env?: Readonly<Record<string, string | null>>;
  readonly valid?: readonly { readonly containerID: string; readonly ifname: string }[];
}

export const usual: readonly Step[] = [{ call: "ADD" }, { call: "CHECK" }, { call: "DEL" }, { call: "DEL" }];
