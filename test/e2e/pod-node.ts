/** A node for `netns_test`: namespaces with a host name, an empty /run, and an /etc, /tmp and /var/lib of its own. */
import { join } from "node:path";
import type { Said } from "./sandbox.ts";

const checkout = join(import.meta.dir, "../..");
const program = join(checkout, "bin/netloom");

/** What the lines of /etc/rnd-addresses are in `netns-address-golden.json`, as far as small clusters use them. */
export const shuffled: readonly number[] = [
  45, 10, 74, 73, 6, 46, 126, 183, 157, 131, 224, 4, 52, 30, 79, 214, 166, 228, 134, 202, 205, 62, 153, 200, 173, 178,
];

/** The checkout stays where it is, wherever that is. */
const prepare = `set -e
mount -t tmpfs pod-node /run
mkdir /run/netns /run/etc /run/checkout
mount --bind "$2" /run/checkout
cp -a /etc/. /run/etc
mount --bind /run/etc /etc
mount -t tmpfs pod-node /tmp
mount -t tmpfs pod-node /var/lib
mkdir -p "$2"
mount --bind /run/checkout "$2"
mount -t sysfs pod-node /sys
hostname "$1"
ip link set lo up
echo ready
exec sleep infinity`;

export class PodNode implements AsyncDisposable {
  readonly name: string;
  readonly #process: Bun.Subprocess<"ignore", "pipe", "inherit">;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(
    name: string,
    process: Bun.Subprocess<"ignore", "pipe", "inherit">,
    env: Readonly<Record<string, string>>,
  ) {
    this.name = name;
    this.#process = process;
    this.#env = env;
  }

  /** @param env - variables of `netns_test` */
  static async start(name: string, env: Readonly<Record<string, string>> = {}): Promise<PodNode> {
    const command = ["unshare", "-nmu", "--propagation", "private", "sh", "-c", prepare, "sh", name, checkout];
    const process = Bun.spawn(command, { stdin: "ignore", stdout: "pipe", stderr: "inherit" });
    const reader = process.stdout.getReader();
    const { value } = await reader.read();
    reader.releaseLock();
    if (new TextDecoder().decode(value).trim() !== "ready") throw new Error(`node ${name} did not start`);
    return new PodNode(name, process, env);
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Runs a command on the node. */
  run(...command: readonly string[]): Said {
    return this.runWith({}, ...command);
  }

  runWith(env: Readonly<Record<string, string>>, ...command: readonly string[]): Said {
    const run = Bun.spawnSync(["nsenter", "-t", String(this.pid), "-n", "-m", "-u", "--", ...command], {
      stdin: "ignore",
      env: { ...clean(), ...this.#env, ...env },
    });
    return { code: run.exitCode, stdout: run.stdout.toString(), stderr: run.stderr.toString() };
  }

  /** The output of a command that has to succeed. */
  must(...command: readonly string[]): string {
    const { code, stdout, stderr } = this.run(...command);
    if (code !== 0) throw new Error(`${this.name}: ${command.join(" ")}: ${code}\n${stdout}${stderr}`);
    return stdout;
  }

  /** `netns_test ARGS`. */
  pods(...args: readonly string[]): Said {
    return this.run(program, "netns_test", ...args);
  }

  podsWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Said {
    return this.runWith(env, program, "netns_test", ...args);
  }

  /** `netns_test ARGS`, which has to succeed: what it says on standard output. */
  do(...args: readonly string[]): string {
    return this.must(program, "netns_test", ...args);
  }

  json<T>(...command: readonly string[]): T {
    return JSON.parse(this.must(...command)) as T;
  }

  /** Does a ping come back, from the node or from one of its pods? Patient, but not for long. */
  pings(address: string, { from, size }: { readonly from?: string; readonly size?: number } = {}): boolean {
    const inside = from === undefined ? [] : ["ip", "netns", "exec", from];
    const big = size === undefined ? [] : ["-M", "do", "-s", String(size)];
    for (let left = 10; left > 0; left--)
      if (this.run(...inside, "ping", "-n", "-c1", "-W1", ...big, address).code === 0) return true;
    return false;
  }

  /** That a ping does not come back. */
  isSilent(address: string, { from }: { readonly from?: string } = {}): boolean {
    const inside = from === undefined ? [] : ["ip", "netns", "exec", from];
    return this.run(...inside, "ping", "-n", "-c2", "-i0.2", "-W1", address).code !== 0;
  }

  /** Writes the shuffled list. */
  shuffle(): void {
    this.must("sh", "-c", `printf '%s\\n' ${shuffled.join(" ")} >/etc/rnd-addresses`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill(9);
    await this.#process.exited;
  }
}

/** The variables of this process but for those that mean something to `netns_test`. */
function clean(): Record<string, string | undefined> {
  const meant = /^(__|NPODS$|PODIF$|BR$|PREFIX$|ADRTEMPLATE$|NAME_PREFIX$|RNDADR$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !meant.test(name)));
}

/** A cable between two nodes; each end has the name it is given there. */
export function cable(a: PodNode, left: string, b: PodNode, right: string): void {
  const end = ["ip", "link", "add", left, "netns", String(a.pid)];
  const made = Bun.spawnSync([...end, "type", "veth", "peer", "name", right, "netns", String(b.pid)]);
  if (!made.success) throw new Error(made.stderr.toString());
}

/** Brings a node's interface up with the node's addresses on net 1. */
export function address(node: PodNode, number: number, dev = "eth1"): void {
  node.must("ip", "link", "set", dev, "up");
  node.must("ip", "addr", "add", `192.168.1.${number}/24`, "dev", dev);
  node.must("ip", "addr", "add", `1000::1:192.168.1.${number}/120`, "dev", dev, "nodad");
}
