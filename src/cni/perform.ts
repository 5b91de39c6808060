import type { Kernel } from "../kernel/index.ts";
import { printResult } from "./convert.ts";
import { CniError } from "./error.ts";
import type { Call, JsonObject, Plugin } from "./plugin.ts";
import { checkSandbox } from "./sandbox.ts";
import { LiveWork, type Ports, dispatch } from "./work.ts";

interface PerformOptions {
  /** CNI_NETNS may be this process's own namespace. */
  readonly ownNetns?: boolean;
  /** Tells the caller what is returned; an ADD whose result cannot be told has failed. */
  readonly answer?: (printed: JsonObject | undefined) => void;
}

/**
 * One command of one plugin, in this process and on the running kernel. Returns what it prints: at ADD the result as the
 * configuration's version writes it. An ADD that fails leaves nothing behind; what could not be undone is in the error's details.
 * @throws {CniError}
 */
export async function perform(
  plugin: Plugin,
  call: Call,
  ports: Ports,
  { ownNetns = false, answer = () => undefined }: PerformOptions = {},
): Promise<JsonObject | undefined> {
  const pod = checkSandbox(call, ownNetns, plugin.withoutKernel !== true);
  const { openKernel } = plugin.withoutKernel === true ? {} : await import("./open-kernel.ts");
  using work = new LiveWork(call, ports, pod, (): Kernel => {
    if (openKernel === undefined) throw new TypeError(`plugin ${plugin.name} says that it needs no kernel`);
    return openKernel(pod ? call.netns : undefined);
  });
  try {
    const result = await dispatch(plugin, call, work);
    const printed = result && printResult(result, call.version);
    answer(printed);
    return printed;
  } catch (error) {
    if (call.command !== "ADD") throw error;
    const failures = await work.unwind();
    if (failures.length === 0) throw error;
    for (const failure of failures) ports.log(`${plugin.name}: cannot undo: ${failure}`);
    const { toCniError } = await import("./print-error.ts");
    const told = toCniError(error);
    const left = `left behind, because it could not be undone: ${failures.join("; ")}`;
    throw new CniError(told.code, told.message, [told.details, left].filter(Boolean).join("; "), {
      cause: error,
    });
  }
}
