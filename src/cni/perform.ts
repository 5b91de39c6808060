import type { Kernel } from "../kernel/index.ts";
import { printResult } from "./convert.ts";
import { CniError } from "./error.ts";
import type { Call, JsonObject, Plugin } from "./plugin.ts";
import { toCniError } from "./print-error.ts";
import { checkSandbox } from "./sandbox.ts";
import { LiveWork, type Ports, dispatch } from "./work.ts";

/**
 * One command of one plugin, in this process and on the running kernel. Returns what it prints: at ADD the result as the
 * configuration's version writes it. An ADD that fails leaves nothing behind; what could not be undone is in the error's details.
 * @param ownNetns - CNI_NETNS may be this process's own namespace
 * @throws {CniError}
 */
export async function perform(
  plugin: Plugin,
  call: Call,
  ports: Ports,
  { ownNetns = false }: { readonly ownNetns?: boolean } = {},
): Promise<JsonObject | undefined> {
  const pod = checkSandbox(call, ownNetns);
  const { openKernel } = plugin.withoutKernel === true ? {} : await import("./open-kernel.ts");
  using work = new LiveWork(call, ports, pod, (): Kernel => {
    if (openKernel === undefined) throw new TypeError(`plugin ${plugin.name} says that it needs no kernel`);
    return openKernel(pod ? call.netns : undefined);
  });
  try {
    const result = await dispatch(plugin, call, work);
    return result && printResult(result, call.version);
  } catch (error) {
    if (call.command !== "ADD") throw error;
    const failures = await work.unwind();
    if (failures.length === 0) throw error;
    for (const failure of failures) ports.log(`${plugin.name}: cannot undo: ${failure}`);
    const told = toCniError(error);
    const left = `left behind, because it could not be undone: ${failures.join("; ")}`;
    throw new CniError(told.code, told.message, [told.details, left].filter(Boolean).join("; "), {
      cause: error,
    });
  }
}
