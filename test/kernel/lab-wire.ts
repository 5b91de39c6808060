/** What tests of tunnels look at: the frames on a wire, a transfer from pod to pod, and whether packets were too big. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "../eventually.ts";

const within = (netns: string, ...command: readonly string[]): string[] => ["ip", "netns", "exec", netns, ...command];

/** The output of a command in a namespace. @throws {Error} when it fails */
export function said(netns: string, ...command: readonly string[]): string {
  const run = Bun.spawnSync(within(netns, ...command), { stdin: "ignore", stderr: "pipe" });
  if (!run.success) throw new Error(`${command.join(" ")} in ${netns}: ${run.stderr.toString()}`);
  return run.stdout.toString();
}

/** A recording of what passed a link, to be asked with tcpdump's filters. */
export class Recording implements Disposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Records what passes all links of a lab's fabric while `doing` runs. The end is marked by a ping of all IPv6 hosts from
   * `marker`'s eth1, for the recording comes later than the packets.
   */
  static async of(fabric: string, marker: string, doing: () => Promise<unknown>): Promise<Recording> {
    const folder = mkdtempSync(join(tmpdir(), "netloom-wire-"));
    const options = ["--immediate-mode", "-n", "-U", "-s", "200", "-i", "any", "-w", join(folder, "wire")];
    const tcpdump = Bun.spawn(within(fabric, "tcpdump", ...options), {
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    });
    let words = "";
    const reading = (async () => {
      for await (const chunk of tcpdump.stderr) words += new TextDecoder().decode(chunk);
    })();
    await eventually("tcpdump listens", () => /listening on/.test(words) || tcpdump.exitCode !== null);
    await doing();
    const recording = new Recording(folder);
    await eventually("the end is recorded", () => {
      Bun.spawnSync(within(marker, "ping", "-n", "-c", "1", "-W", "1", "-I", "eth1", "ff02::1"));
      return recording.packets("icmp6 and ip6[40] == 128 and dst host ff02::1").length > 0;
    });
    tcpdump.kill("SIGINT");
    await reading;
    if ((await tcpdump.exited) !== 0) throw new Error(`tcpdump in ${fabric}: ${words}`);
    return recording;
  }

  /** The packets that a filter lets through, a line each. */
  packets(filter: string): readonly string[] {
    const run = Bun.spawnSync(["tcpdump", "-n", "-r", join(this.#folder, "wire"), filter], { stderr: "pipe" });
    if (!run.success) throw new Error(`tcpdump ${filter}: ${run.stderr.toString()}`);
    return run.stdout
      .toString()
      .split("\n")
      .filter((line) => line !== "");
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

const program = join(import.meta.dir, "_tcp.ts");

type Talking = Bun.Subprocess<"pipe", "pipe", "inherit">;

/** A connection between two programs, each in a namespace of its own. */
export class Connection implements AsyncDisposable {
  readonly #server: Talking;
  readonly #client: Talking;
  readonly #words: AsyncIterator<string>;

  private constructor(server: Talking, client: Talking) {
    this.#server = server;
    this.#client = client;
    this.#words = lines(client.stdout);
  }

  /** From a program in one namespace to one in another that listens at `address`. */
  static async between(from: string, to: string, address: string): Promise<Connection> {
    const start = (netns: string, ...words: readonly string[]) =>
      Bun.spawn(within(netns, process.execPath, program, ...words), {
        stdin: "pipe",
        stdout: "pipe",
        stderr: "inherit",
      });
    const server = start(to, "serve", address);
    const { value: port } = await lines(server.stdout).next();
    const client = start(from, "connect", address, String(port));
    return new Connection(server, client);
  }

  /** Sends so many bytes, and answers how many arrived at the other end. */
  async send(bytes: number): Promise<number> {
    void this.#client.stdin.write(`${bytes}\n`);
    await this.#client.stdin.flush();
    const { value, done } = await this.#words.next();
    if (done === true) throw new Error("the connection is gone");
    return Number(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.kill();
    this.#server.kill();
    await Promise.all([this.#client.exited, this.#server.exited]);
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + new TextDecoder().decode(chunk)).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}

/** How often packets were too big in a namespace: news of it, and packets that were cut. */
export function tooBig(netns: string): number {
  const words = (said(netns, "cat", "/proc/net/snmp6") + snmp(said(netns, "cat", "/proc/net/snmp"))).split("\n");
  const keys =
    /^(?:Icmp6InPktTooBigs|Icmp6OutPktTooBigs|Ip6FragCreates|IpFragCreates|IpFragFails|IcmpInDestUnreachs)\s+(\d+)/;
  return words.reduce((sum, line) => sum + Number(keys.exec(line)?.[1] ?? 0), 0);
}

/** The pairs of lines of /proc/net/snmp as one line per counter. */
function snmp(text: string): string {
  const rows = text.trim().split("\n");
  return rows
    .flatMap((names, at) => {
      if (at % 2 === 1) return [];
      const [protocol = "", ...keys] = names.split(/:? /);
      const values = (rows[at + 1] ?? "").split(" ").slice(1);
      return keys.map((key, i) => `${protocol}${key} ${values[i]}`);
    })
    .join("\n");
}
