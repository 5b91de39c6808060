import { writeSync } from "node:fs";
import type { CniError } from "../../cni/index.ts";
import { add, check, del, gc, status } from "../../cni/runtime/index.ts";
import { say } from "../say.ts";
import { attachmentOf, networkIfAny, networkOf, runtimeOf } from "./attachment.ts";
import { type Settings, settingsOf } from "./environment.ts";
import { printResult } from "./print-result.ts";
import { stoppable } from "./stoppable.ts";

const usage = `cnitool: attach a network namespace to a CNI network, and detach it
  cnitool add    NET NETNS   print the result
  cnitool check  NET NETNS
  cnitool del    NET NETNS
  cnitool gc     NET NETNS   remove every attachment of the network
  cnitool status NET NETNS
Flag: -i, --ifname NAME   the interface (default CNI_IFNAME, or eth0)
Variables: CNI_PATH, NETCONFPATH (default /etc/cni/net.d), CNI_ARGS, CAP_ARGS, CNI_IFNAME
`;

interface Line {
  readonly verb: string;
  readonly network: string;
  readonly netns: string;
  readonly ifname: string | undefined;
}

const stderr = { note: say };

/** The program under the name `cnitool`: arguments, variables, output and exit codes of containernetworking's. */
export async function cnitool(argv: readonly string[]): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    writeSync(1, usage);
    return 0;
  }
  const line = lineOf(argv);
  if (line === undefined) {
    writeSync(2, usage);
    return 1;
  }
  try {
    // CNI_PATH is all there is: where it is not set no plugin is found.
    const settings = { ...settingsOf({ ifname: line.ifname, path: process.env["CNI_PATH"] || ":" }, process.env) };
    return await does(line, settings);
  } catch (error) {
    say(textOf(error));
    return 1;
  }
}

/** Returns the exit code. */
async function does({ verb, network, netns }: Line, settings: Settings): Promise<number> {
  const runtime = runtimeOf(settings, stderr);
  const path = netns.includes("/") ? netns : `./${netns}`;
  const { attachment } = attachmentOf([network, path], settings, verb);
  switch (verb) {
    case "add":
      return stoppable(say, (signal) =>
        add(runtime, networkOf(network, settings, stderr), attachment, {
          signal,
          answer: (result) => printResult(result, ""),
        }),
      );
    case "check":
      await check(runtime, network, networkIfAny(network, settings, stderr), attachment);
      return 0;
    case "del":
      await del(runtime, network, networkIfAny(network, settings, stderr), attachment);
      return 0;
    case "gc":
      await gc(runtime, networkOf(network, settings, stderr));
      return 0;
    default:
      await status(runtime, networkOf(network, settings, stderr));
      return 0;
  }
}

const verbs = new Set(["add", "check", "del", "gc", "status"]);

/** `VERB NET NETNS`, flags anywhere; further words are passed over, as cnitool does. */
function lineOf(argv: readonly string[]): Line | undefined {
  const words: string[] = [];
  let ifname: string | undefined;
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    if (word === "-i" || word === "--ifname") ifname = argv[++at];
    else if (word.startsWith("--ifname=")) ifname = word.slice("--ifname=".length);
    else if (word.startsWith("-")) return undefined;
    else words.push(word);
  }
  const [verb, network, netns] = words;
  if (verb === undefined || !verbs.has(verb) || network === undefined || netns === undefined) return undefined;
  return { verb, network, netns, ifname };
}

/** `message; details`, as callers of libcni see it. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { details } = error as Partial<CniError>;
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : details;
  return hint === undefined ? error.message : `${error.message}; ${hint}`;
}
