import { textOf } from "../report.ts";
import { listenForSignals } from "../signals.ts";

/** An ADD that a signal stops: plugins are not, so it ends when the one that is at work has ended. Returns the exit code. */
export async function stoppable(
  note: (line: string) => void,
  attach: (signal: AbortSignal) => Promise<unknown>,
): Promise<number> {
  using interruption = listenForSignals((name) =>
    note(
      `netloom: ${name}: stopping, and undoing it, when the plugin has ended; once more ends it at once, and leaves that to 'netloom cni del'`,
    ),
  );
  try {
    await attach(interruption.signal);
    return 0;
  } catch (error) {
    const code = interruption.exitCode();
    if (code === undefined) throw error;
    // It may be a plugin that the same signal has ended, or one that had failed before.
    if (error !== interruption.signal.reason) note(textOf(error));
    return code;
  }
}
