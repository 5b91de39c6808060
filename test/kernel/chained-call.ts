import { type Command, type JsonObject, serve } from "../../src/cni/index.ts";
import { plugins, versionsOf } from "../../src/plugins/index.ts";

/** What a plugin printed and how it ended. */
export interface Answer {
  readonly exit: number;
  // eslint-disable-next-line typescript/no-explicit-any -- the result is looked at by paths
  readonly out: any;
  readonly log: readonly string[];
}

export interface Attached {
  /** The namespace's name in /run/netns; empty for none. */
  readonly pod: string;
  readonly container?: string;
  readonly ifname?: string;
  readonly network?: string;
  readonly version?: string;
  readonly args?: string;
  /** CNI_PATH. */
  readonly path?: string;
}

/** One call of a plugin on the running kernel, from its variables and its standard input to its document and exit code. */
export async function call(
  plugin: string,
  command: Command,
  {
    pod,
    container = "c1",
    ifname = "eth0",
    network = "net1",
    version = "1.1.0",
    args = "",
    path = "/opt/cni/bin",
  }: Attached,
  conf: JsonObject,
): Promise<Answer> {
  const env = {
    CNI_COMMAND: command,
    CNI_CONTAINERID: container,
    CNI_NETNS: pod === "" ? "" : `/run/netns/${pod}`,
    CNI_IFNAME: ifname,
    CNI_ARGS: args,
    CNI_PATH: path,
  };
  const stdin = JSON.stringify({ cniVersion: version, name: network, type: plugin, ...conf });
  const find = (name: string) => plugins[name];
  const load = plugins[plugin];
  if (load === undefined) throw new Error(`there is no plugin ${plugin}`);
  let printed = "";
  const log: string[] = [];
  const io = {
    env,
    read: () => stdin,
    write: (text: string) => (printed += text),
    log: (line: string) => log.push(line),
  };
  const exit = await serve({ name: plugin, versions: versionsOf(plugin), load, find }, io);
  return { exit, out: printed === "" ? undefined : JSON.parse(printed), log };
}

/** Runs a command; its standard output. @throws if it fails */
export function sh(script: string): string {
  const run = Bun.spawnSync(["bash", "-ec", script], { stderr: "pipe" });
  if (run.exitCode !== 0) throw new Error(`${script}: ${run.stderr.toString()}`);
  return run.stdout.toString();
}

/** A pod with `eth0`, whose other end `veth-NAME` is on the host; addresses 10.9.N.2/24 and fd09::N:2/112. */
export function makePod(name: string, n: number): JsonObject {
  sh(`
    ip netns add ${name}
    ip link add veth-${name} type veth peer name eth0 netns ${name}
    ip link set veth-${name} up
    ip addr add 10.9.${n}.1/24 dev veth-${name}
    ip -6 addr add fd09::${n}:1/112 dev veth-${name} nodad
    ip -n ${name} link set lo up
    ip -n ${name} addr add 10.9.${n}.2/24 dev eth0
    ip -n ${name} -6 addr add fd09::${n}:2/112 dev eth0 nodad
    ip -n ${name} link set eth0 up
    ip -n ${name} route add default via 10.9.${n}.1
    ip -n ${name} -6 route add default via fd09::${n}:1
  `);
  return {
    cniVersion: "1.1.0",
    interfaces: [{ name: `veth-${name}` }, { name: "eth0", sandbox: `/run/netns/${name}` }],
    ips: [
      { address: `10.9.${n}.2/24`, gateway: `10.9.${n}.1`, interface: 1 },
      { address: `fd09::${n}:2/112`, gateway: `fd09::${n}:1`, interface: 1 },
    ],
  };
}

/** What a program that prints JSON shows. */
export function shown<T>(command: string): readonly T[] {
  const text = sh(command).trim();
  return text === "" ? [] : (JSON.parse(text) as readonly T[]);
}
