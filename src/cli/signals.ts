/** Ctrl-C and SIGTERM while something is under way: the first asks it to stop, the second ends the program at once. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
  /** The exit code, once a signal came. */
  readonly exitCode: () => 130 | 143 | undefined;
}

/**
 * One interruption may come twice: timeout(1) and supervisors send it to the process and to its group. A person's second
 * Ctrl-C comes later than this, in milliseconds.
 */
const ECHO_MS = 200;

/** Listens until disposed. `onFirst` may tell the user that it takes a moment. */
export function listenForSignals(onFirst: (name: string) => void = () => undefined): Interruption {
  const controller = new AbortController();
  let code: 130 | 143 | undefined;
  let first = 0;
  const on = (name: "SIGINT" | "SIGTERM") => (): void => {
    const wanted = name === "SIGINT" ? 130 : 143;
    if (code !== undefined) {
      if (performance.now() - first > ECHO_MS) process.exit(wanted);
      return;
    }
    first = performance.now();
    code = wanted;
    onFirst(name);
    controller.abort(new Error(name));
  };
  const handlers = { SIGINT: on("SIGINT"), SIGTERM: on("SIGTERM") };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, handlers[name]);
  return {
    signal: controller.signal,
    exitCode: () => code,
    [Symbol.dispose]: () => {
      for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, handlers[name]);
    },
  };
}
