import { becomeKeeper, enterUserNamespace, isInside, settleInside, trialsText } from "../lab/rootless/index.ts";
import { report } from "./report.ts";

/** Commands that make a user namespace where there is none; the others only go where labs are. */
const makers = new Set(["up", "apply", "deploy", "dep"]);
/** Commands about the host, or about nothing but text. */
const homely = new Set(["doctor", "init", "validate", "schema", "completion", "help", "addr", "ipu", "pods"]);

/**
 * For an ordinary user: goes on inside the user namespace that holds the user's labs. Returns an exit code where that
 * fails, and nothing where the program shall go on as it is.
 */
export async function enterLabs(argv: readonly string[]): Promise<number | undefined> {
  const [command = "help"] = argv;
  try {
    if (command === "__keeper") return becomeKeeper();
    if (command === "__trials") {
      console.log(await trialsText());
      return 0;
    }
    if (isInside()) settleInside();
    else if (!homely.has(command) && !asksForHelp(argv)) await enterUserNamespace(argv, makers.has(command));
    return undefined;
  } catch (error) {
    return report(error);
  }
}

/** What follows a `--` belongs to a command in a pod. */
function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  const own = end < 0 ? argv : argv.slice(0, end);
  return own.includes("--help") || own.includes("-h");
}
