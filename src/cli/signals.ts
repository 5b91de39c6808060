/** Ctrl-C and SIGTERM while something is under way: the first asks it to stop, the second ends the program at once. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
  /** The exit code, once a signal came. */
  readonly exitCode: () => 130 | 143 | undefined;
}

/** Listens until disposed. `onFirst` may tell the user that it takes a moment. */
export function listenForSignals(onFirst: (name: string) => void = () => undefined): Interruption {
  const controller = new AbortController();
  let code: 130 | 143 | undefined;
  const on = (name: "SIGINT" | "SIGTERM") => (): void => {
    const wanted = name === "SIGINT" ? 130 : 143;
    if (code !== undefined) process.exit(wanted);
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
