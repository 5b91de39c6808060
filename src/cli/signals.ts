import { readSmall } from "../sys/index.ts";

/** What stops a program, and its exit code then. */
const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Name = keyof typeof codes;

/** Ctrl-C, SIGTERM, or a terminal that was closed while something is under way: the first asks it to stop, the second ends the program at once. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
  /** The exit code, once a signal came. */
  readonly exitCode: () => (typeof codes)[Name] | undefined;
}

/**
 * One interruption may come twice: timeout(1) and supervisors send it to the process and to its group. A person's second
 * Ctrl-C comes later than this, in milliseconds.
 */
const ECHO_MS = 200;

/** Listens until disposed. `onFirst` may tell the user that it takes a moment. */
export function listenForSignals(onFirst: (name: string) => void = () => undefined): Interruption {
  const controller = new AbortController();
  let code: (typeof codes)[Name] | undefined;
  let first = 0;
  const on = (name: Name) => (): void => {
    const wanted = codes[name];
    if (code !== undefined) {
      if (performance.now() - first > ECHO_MS) process.exit(wanted);
      return;
    }
    first = performance.now();
    code = wanted;
    onFirst(name);
    controller.abort(new Error(name));
  };
  const handlers = (["SIGINT", "SIGTERM", ...(isNohup() ? [] : (["SIGHUP"] as const))] as const).map(
    (name) => [name, on(name)] as const,
  );
  for (const [name, handler] of handlers) process.on(name, handler);
  return {
    signal: controller.signal,
    exitCode: () => code,
    [Symbol.dispose]: () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    },
  };
}

/** Whether nohup(1) started it: then it shall outlive its terminal. */
function isNohup(): boolean {
  const [, ignored = "0"] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readSmall("/proc/self/status") ?? "") ?? [];
  return (BigInt(`0x${ignored}`) & 1n) === 1n; // SIGHUP is the first
}
