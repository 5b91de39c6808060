import { mkdirSync, writeFileSync } from "node:fs";
import { type Command, type Sample, interleave, scratch, together } from "./spawn.ts";

/** One of the two sets of plugins that are compared. */
export interface Suite {
  readonly title: string;
  readonly folder: string;
  /** A digit of subnets, and a letter in names, that tell the suites apart. */
  readonly digit: number;
  readonly letter: string;
}

export type Conf = Readonly<Record<string, unknown>>;

/** What is attached: a chain of plugins, the same for both suites but for names and subnets. */
export interface Work {
  readonly name: string;
  readonly chain: (suite: Suite) => readonly Conf[];
  /** What a runtime adds for one container. */
  readonly runtimeConfig?: (suite: Suite, container: number) => Conf;
  readonly ifname?: string;
}

/** The containers of a suite, each with a namespace of its name in /run/netns. */
export function containerName({ letter }: Suite, container: number): string {
  return `bench-${letter}${container}`;
}

const path = process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The calls of plugins, as a runtime makes them: prepared environment, standard input and output in files; the result of
 * one call is put into the input of the next by the runner, outside of what is timed.
 */
export class Calls {
  readonly #suite: Suite;
  readonly #work: Work;
  readonly #folder: string;
  readonly #chain: readonly Conf[];

  constructor(suite: Suite, work: Work) {
    this.#suite = suite;
    this.#work = work;
    this.#chain = work.chain(suite);
    this.#folder = `${scratch}/cni-${suite.letter}`;
    mkdirSync(this.#folder, { recursive: true });
    this.#write("prev", `,"prevResult":`);
    this.#write("end", "}");
    for (const [at, conf] of this.#chain.entries()) {
      const text = JSON.stringify({ cniVersion: "1.0.0", name: `net-${suite.letter}`, ...conf });
      this.#write(`head.${at}`, text.slice(0, -1));
    }
  }

  /** The plugins of the chain in turn. */
  add(container: number): readonly Command[] {
    return this.#chain.map((_, at) =>
      this.#call("ADD", container, at, at === 0 ? [] : ["prev", `${container}.${at - 1}.out`]),
    );
  }

  /** In reverse, with the last result. */
  del(container: number): readonly Command[] {
    const last = `${container}.${this.#chain.length - 1}.out`;
    return this.#chain.map((_, at) => this.#call("DEL", container, at, ["prev", last])).toReversed();
  }

  #call(command: string, container: number, at: number, more: readonly string[]): Command {
    const type = String(this.#chain[at]?.["type"]);
    const env = {
      CNI_COMMAND: command,
      CNI_CONTAINERID: `container-${container}`,
      CNI_NETNS: `/run/netns/${containerName(this.#suite, container)}`,
      CNI_IFNAME: this.#work.ifname ?? "eth0",
      CNI_ARGS: "",
      CNI_PATH: this.#suite.folder,
      PATH: path,
    };
    const parts = [`head.${at}`, ...this.#runtimeConfig(container), ...more, "end"];
    return [
      ...Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
      "-i",
      `${this.#folder}/${container}.${at}.in`,
      ...parts.flatMap((part) => ["-a", `${this.#folder}/${part}`]),
      "-o",
      `${this.#folder}/${container}.${at}.${command === "ADD" ? "out" : "del"}`,
      `${this.#suite.folder}/${type}`,
    ];
  }

  #runtimeConfig(container: number): readonly string[] {
    const config = this.#work.runtimeConfig?.(this.#suite, container);
    if (config === undefined) return [];
    this.#write(`${container}.config`, `,"runtimeConfig":${JSON.stringify(config)}`);
    return [`${container}.config`];
  }

  #write(name: string, text: string): void {
    writeFileSync(`${this.#folder}/${name}`, text);
  }
}

/** What whole jobs (the calls of one chain) took, their calls one after another. @throws if one fails */
export function jobsInTurn(jobs: readonly (readonly Command[])[]): readonly Sample[] {
  const samples = interleave(1, jobs.flat()).map(([sample]) => sample);
  let at = 0;
  return jobs.map((job) => sum(samples.slice(at, (at += job.length))));
}

/** All jobs, some at a time. @throws if one fails */
export function jobsTogether(count: number, jobs: readonly (readonly Command[])[]): Sample {
  return together(
    count,
    jobs.flatMap((job) => job.map((command, at) => (at === 0 ? command : ["+", ...command]))),
  );
}

function sum(samples: readonly (Sample | undefined)[]): Sample {
  return samples.reduce<Sample>(
    (total, sample) => ({
      seconds: total.seconds + (sample?.seconds ?? Number.NaN),
      cpuSeconds: total.cpuSeconds + (sample?.cpuSeconds ?? Number.NaN),
      kernelSeconds: total.kernelSeconds + (sample?.kernelSeconds ?? Number.NaN),
      peakMiB: Math.max(total.peakMiB, sample?.peakMiB ?? Number.NaN),
    }),
    { seconds: 0, cpuSeconds: 0, kernelSeconds: 0, peakMiB: 0 },
  );
}
