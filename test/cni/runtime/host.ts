/** A host with networks, plugins and `netloom cni` for the tests of the runtime. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Box, type Input, type Said } from "../box.ts";
import { executable } from "../plugin-folders.ts";

/** The bytes of the container ID for `/run/netns/a`, from: printf /run/netns/a | sha512sum. */
export const idOfA = "cnitool-a145bc1ace582bff43bd";

export class RuntimeHost implements Disposable {
  readonly box: Box;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(box: Box, pluginPath: string) {
    this.box = box;
    this.#env = { CNI_PATH: pluginPath, NETCONFPATH: "/run/net.d" };
    box.sh("mkdir -p /run/net.d; ip netns add a; ip netns add b");
  }

  static async open(pluginPath: string): Promise<RuntimeHost> {
    return new RuntimeHost(await Box.open(), pluginPath);
  }

  /** Writes a file of the network folder. */
  put(file: string, value: unknown): void {
    const path = join(`/proc/${this.box.pid}/root/run/net.d`, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  }

  /** `netloom cni …` */
  cni(words: string, { env = {}, ...input }: Input = {}): Said {
    return this.box.try([executable, "cni", ...words.split(" ")], { env: { ...this.#env, ...env }, ...input });
  }

  /** `cnitool …`, or whatever program is given. */
  cnitool(program: string, words: string, env: Readonly<Record<string, string>> = {}): Said {
    return this.box.try([program, ...words.split(" ")], { env: { ...this.#env, ...env } });
  }

  /** All that attachments leave: links but for the bridge, which stays, rules and files. */
  state(): string {
    return this.box.sh(
      "ip -o link | cut -d: -f2 | grep -v br9 | sort; ip -n a -o link | wc -l; " +
        "nft list ruleset 2>/dev/null | grep -c -e 8080 -e 10.7.0 || true; " +
        "find /var/lib/cni -type f ! -name lock ! -name 'last_reserved_ip.*' ! -name netloom.lock",
    );
  }

  [Symbol.dispose](): void {
    this.box[Symbol.dispose]();
  }
}

/** A chain of a bridge, host-local and what is given. */
export const chain = (cniVersion: string, ...more: readonly object[]) => ({
  cniVersion,
  name: "n1",
  plugins: [
    {
      type: "bridge",
      bridge: "br9",
      isGateway: true,
      ipMasq: true,
      ipam: { type: "host-local", ranges: [[{ subnet: "10.7.0.0/24" }]], routes: [{ dst: "0.0.0.0/0" }] },
    },
    ...more,
  ],
});
