import { tryOpenNetns, tryOpenUts } from "../netns/index.ts";
import { inside } from "../sys/index.ts";
import { nearest } from "../values/index.ts";
import { LabError } from "./error.ts";
import { memberNames } from "./topology.ts";
import type { Topology } from "./topology.ts";

export interface ExecOptions {
  /** Text for its standard input; none if absent. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What a command did. */
export interface Execution {
  /** Its exit code, or 128 + the signal that ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The namespace of a node, pod or external, by its name. @throws {LabError} `not-matched` with the nearest name */
export function netnsOf(topology: Topology, target: string): string {
  for (const node of topology.nodes) {
    if (node.name === target) return node.netns;
    const pod = node.pods.find(({ name }) => name === target);
    if (pod !== undefined) return pod.netns;
  }
  const outside = topology.externals.find(({ name }) => name === target);
  if (outside !== undefined) return outside.netns;
  const names = memberNames(topology);
  const close = nearest(target, names);
  throw new LabError(
    "not-matched",
    `lab ${topology.name} has no node, pod or external ${target}${close === undefined ? "" : `; did you mean ${close}?`}`,
  );
}

/** Runs a command with the network and host name of a node or pod; /sys stays the host's (the command `exec` changes it too). */
export async function execute(
  topology: Topology,
  target: string,
  command: readonly string[],
  options: ExecOptions,
): Promise<Execution> {
  const netns = netnsOf(topology, target);
  using net = tryOpenNetns(netns);
  if (net === undefined)
    throw new LabError("not-found", `lab ${topology.name} is not up: there is no namespace ${netns}`);
  using uts = tryOpenUts(netns);
  // The child is born in the namespace; waiting for it happens at home. Bun adds the 128 of a signal itself.
  const child = inside(net, () => spawn(command, options), uts);
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { exitCode: code, stdout, stderr };
}

function spawn(command: readonly string[], { stdin, env, signal }: ExecOptions) {
  try {
    return Bun.spawn([...command], {
      stdin: stdin === undefined ? "ignore" : new Blob([stdin]),
      stdout: "pipe",
      stderr: "pipe",
      env: { ...process.env, ...env },
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    // ENOENT, EACCES and the like of the program; a wrong call of ours has no code.
    if (!(error instanceof Error && "code" in error && "errno" in error)) throw error;
    throw new LabError("failed", `the command ${command[0]} cannot be run: ${error.message}`, error);
  }
}
