import {
  type Call,
  CniError,
  type JsonObject,
  type Plugin,
  type Result,
  dispatch,
  toCniError,
} from "../../src/cni/index.ts";
import { LiveWork } from "../../src/cni/work.ts";
import { OpError } from "../../src/kernel/index.ts";
import { MemoryKernel } from "../../src/kernel/memory.ts";
import { type Op, printOp } from "../../src/change/index.ts";
import { parseIfName, parseMac, parsePrefix } from "../../src/values/index.ts";

interface Situation {
  /** `false`: the namespace is gone, or CNI_NETNS is empty. */
  readonly pod?: boolean;
  /** Whether the call has a `prevResult`. */
  readonly chained?: boolean;
}

/**
 * A host and a pod on the kernel in memory, joined by the veth `veth1` – `eth0`, for plugins that come after another in a
 * chain. Commands go the way that the skeleton goes: a failed ADD is undone.
 */
export class PluginHost {
  readonly kernel = new MemoryKernel();
  /** All that was done, as lines. */
  readonly did: string[] = [];
  readonly warnings: string[] = [];
  readonly prev: Result = {
    interfaces: [
      { name: "veth1", mac: "02:00:00:00:00:01" },
      { name: "eth0", mac: "02:00:00:00:00:02", sandbox: "/run/netns/pod" },
    ],
    ips: [
      { address: parsePrefix("10.0.0.2/24"), interface: 1 },
      { address: parsePrefix("fd00::2/64"), interface: 1 },
    ],
  };
  readonly #conf: JsonObject;

  constructor(conf: JsonObject) {
    this.#conf = conf;
    this.kernel.run([
      { do: "netns.create", netns: "host", owner: "test", hostname: "host" },
      { do: "netns.create", netns: "pod", owner: "test", hostname: "pod" },
    ]);
    this.makeLink();
    const run = this.kernel.run.bind(this.kernel);
    this.kernel.run = (ops: readonly Op[]) => {
      run(ops);
      this.did.push(...ops.map(printOp));
    };
  }

  /** The pair, with addresses. */
  makeLink(): void {
    const [here, there] = [parseIfName("veth1"), parseIfName("eth0")];
    const peer = { name: there, kind: "veth", mac: parseMac("02:00:00:00:00:02") } as const;
    this.kernel.run([
      {
        do: "link.add",
        netns: "host",
        link: { name: here, kind: "veth", peer: { netns: "pod", name: there }, up: true },
        peer,
      },
      { do: "addr.add", netns: "pod", dev: there, addr: { prefix: parsePrefix("10.0.0.2/24") } },
      { do: "addr.add", netns: "pod", dev: there, addr: { prefix: parsePrefix("fd00::2/64"), noDad: true } },
      { do: "link.set", netns: "pod", name: there, set: { up: true }, was: { up: false } },
    ]);
  }

  /** One command, by default as a runtime older than prevResult on DEL gives it. */
  async call<C>(
    plugin: Plugin<C>,
    command: Call["command"],
    { pod = true, chained = command === "ADD" || command === "CHECK", ...rest }: Partial<Call> & Situation = {},
  ): Promise<Result | undefined> {
    const call: Call = {
      command,
      containerId: "c1",
      netns: pod ? "/run/netns/pod" : "",
      ifname: "eth0",
      args: "",
      path: [],
      version: "1.1.0",
      network: "net1",
      conf: this.#conf,
      ...(chained && { prevResult: this.prev }),
      ...rest,
    };
    const ports = { env: {}, stdin: "", find: () => undefined, log: (line: string) => this.warnings.push(line) };
    const work = new LiveWork(call, ports, pod, () => this.kernel);
    try {
      return await dispatch(plugin as Plugin, call, work);
    } catch (error) {
      if (command === "ADD") {
        const failures = await work.unwind();
        if (failures.length > 0) throw new Error(`left behind: ${failures.join("; ")}`, { cause: error });
      }
      throw error;
    }
  }

  /** Why a call fails; it must. */
  async fault<C>(
    plugin: Plugin<C>,
    command: Call["command"],
    rest: Parameters<this["call"]>[2] = {},
  ): Promise<CniError> {
    try {
      await this.call(plugin, command, rest);
    } catch (error) {
      if (error instanceof CniError || error instanceof OpError) return toCniError(error);
      throw error;
    }
    throw new Error(`${command} should have failed`);
  }

  /** The whole state, for comparing before and after. */
  picture(): unknown {
    return [...this.kernel.facts({ namespaces: ["host", "pod"] }).values()].map((facts) => ({
      ...facts,
      links: facts.links.map((link) => ({ ...link, ...this.kernel.queues(facts.name, link.name) })),
    }));
  }
}
