import type { Op } from "../change/index.ts";
import type { Kernel } from "../kernel/index.ts";
import type { Variables } from "./environment.ts";
import { CniError, codes } from "./error.ts";
import { findPlugin, isThisExecutable } from "./find.ts";
import type { Call, Plugin, Work } from "./plugin.ts";
import type { Result } from "./result.ts";
import type { Step } from "./unwind.ts";

/** The plugins of this executable, by name. */
export type Find = (name: string) => (() => Promise<Plugin>) | undefined;

/** What a command is done with. */
export interface Ports {
  /** Variables that delegates get. */
  readonly env: Variables;
  /** The configuration as it was written, for delegates. */
  readonly stdin: string;
  readonly find: Find;
  /** Delegates that are in this executable are called without looking for them in CNI_PATH. */
  readonly isOwnFirst?: boolean;
  /** Writes a line to standard error: what does not make the command fail. */
  readonly log: (line: string) => void;
}

/** {@link Work} on the running system. */
export class LiveWork implements Work {
  readonly dry = false;
  readonly pod: boolean;
  readonly #call: Call;
  readonly #ports: Ports;
  readonly #open: () => Kernel;
  #kernel: Kernel | undefined;
  readonly #steps: (Op | Step)[] = [];

  constructor(call: Call, ports: Ports, pod: boolean, open: () => Kernel) {
    this.#call = call;
    this.#ports = ports;
    this.pod = pod;
    this.#open = open;
  }

  get kernel(): Kernel {
    return (this.#kernel ??= this.#open());
  }

  run(ops: readonly Op[]): void {
    try {
      this.kernel.run(ops);
    } catch (error) {
      this.#steps.push(...doneOf(error, ops));
      throw error;
    }
    this.#steps.push(...ops);
  }

  undo(what: string, back: () => void | Promise<void>): void {
    this.#steps.push({ what, back });
  }

  warn(text: string): void {
    this.#ports.log(text);
  }

  /** How far it has come: what {@link unwind} takes. */
  get mark(): number {
    return this.#steps.length;
  }

  /** Undoes the steps since `mark`, the last first; returns what could not be undone, and why. */
  async unwind(mark = 0): Promise<readonly string[]> {
    const steps = this.#steps.splice(mark);
    return steps.length === 0 ? [] : (await import("./unwind.ts")).unwind(steps, () => this.kernel);
  }

  async delegate(type: string, command = this.#call.command): Promise<Result | undefined> {
    const own = this.#ports.isOwnFirst === true ? this.#ports.find(type) : undefined;
    if (own !== undefined) return this.#own(await own(), command);
    const executable = findPlugin(type, this.#call.path, "ipam.type");
    const load = isThisExecutable(executable) ? this.#ports.find(type) : undefined;
    return load === undefined ? this.#exec(type, executable, command) : this.#own(await load(), command);
  }

  /** A plugin of ours: it works on this kernel, and what it does is undone with the rest. */
  async #own(plugin: Plugin, command: Call["command"]): Promise<Result | undefined> {
    const call: Call = { ...this.#call, command };
    if (!plugin.versions.includes(call.version)) {
      throw new CniError(
        codes.incompatibleVersion,
        `plugin ${plugin.name} does not support CNI ${call.version}`,
        `cniVersion: it supports ${plugin.versions.join(", ")}`,
      );
    }
    const { mark } = this;
    try {
      return await dispatch(plugin, call, this);
    } catch (error) {
      // What it had done goes at once, so that an IPAM that failed has nothing left when a caller tries another way.
      if (command === "ADD") for (const failure of await this.unwind(mark)) this.#ports.log(`cannot undo: ${failure}`);
      throw error;
    }
  }

  /** Another program. One that failed to ADD is told to DEL (SPEC "Deletion of delegated plugins"). */
  async #exec(type: string, executable: string, command: Call["command"]): Promise<Result | undefined> {
    const { NotStarted, callPlugin, parseOutput } = await import("./invoke.ts");
    const exec = (what: string): string =>
      callPlugin({
        type,
        executable,
        env: { ...this.#ports.env, CNI_COMMAND: what },
        stdin: this.#ports.stdin,
        log: this.#ports.log,
      });
    if (command !== "ADD") {
      exec(command);
      return undefined;
    }
    const back = (): void => this.undo(`DEL by plugin ${type}`, () => void exec("DEL"));
    let stdout: string;
    try {
      stdout = exec("ADD");
    } catch (error) {
      if (!(error instanceof NotStarted)) back();
      throw error;
    }
    back();
    return parseOutput(type, stdout, this.#call.version);
  }

  [Symbol.dispose](): void {
    this.#kernel?.[Symbol.dispose]();
  }
}

/** Calls what a plugin has for the command; without anything it has nothing to do. */
export async function dispatch(plugin: Plugin, call: Call, work: Work): Promise<Result | undefined> {
  const conf = plugin.parse(call);
  switch (call.command) {
    case "ADD":
      return plugin.add(conf, call, work);
    case "DEL":
      await plugin.del(conf, call, work);
      return undefined;
    case "CHECK":
      await plugin.check?.(conf, call, work);
      return undefined;
    case "STATUS":
      await plugin.status?.(conf, call, work);
      return undefined;
    case "GC":
      await plugin.gc?.(conf, call, work);
      return undefined;
    default:
      return call.command satisfies never;
  }
}

/** The ops that are done although the run failed: OpError of the kernel room tells them. */
function doneOf(error: unknown, ops: readonly Op[]): readonly Op[] {
  if (!(error instanceof Error) || !("done" in error) || !Array.isArray(error.done)) return [];
  return (error.done as readonly number[]).flatMap((i) => ops[i] ?? []);
}
