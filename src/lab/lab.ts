import { resolve as absolute } from "node:path";
import type { Facts, Wish } from "../change/index.ts";
import { type Kernel, RealKernel } from "../kernel/index.ts";
import { manyPins, prepareView, removeView } from "../netns/index.ts";
import type { ApplyOptions } from "./apply.ts";
import { attachPods, detachPods, planAttachments, staysIn, unattached, withAttachments } from "./cni/index.ts";
import { type DownReport, markBegun, takeDown } from "./down.ts";
import { LabError } from "./error.ts";
import { type Execution, type ExecOptions, execute } from "./exec.ts";
import { explaining, explainingLater, writingDown } from "./failure.ts";
import { type LabFile, LabFileError, type LabInput, type LabIssue, labOf, loadLabFile } from "./file/index.ts";
import { type Impairment, impair } from "./impair.ts";
import { type Inspection, inspect } from "./inspect.ts";
import { LabLock } from "./lock.ts";
import { type LabPlaces, makePlaces, placesOf } from "./places.ts";
import { planWish } from "./plan.ts";
import { type TestOptions, testLab } from "./reach.ts";
import { resolve, warningsOf } from "./resolve/index.ts";
import { type LabState, listLabs, readState, removeState } from "./state.ts";
import type { Expectation, Topology } from "./topology.ts";
import { type Plan, type UpReport, bringUp, planChange } from "./up.ts";
import type { MatrixResult } from "../probe/index.ts";

type MakeKernel = () => Kernel;

/** Options of a {@link Lab}. */
export interface LabOptions {
  readonly kernel?: MakeKernel;
}

/** Options of everything that changes a lab. */
export interface ChangeOptions extends ApplyOptions {
  /** How long to wait for another netloom that changes the same lab, ms; 0 fails at once. */
  readonly waitMs?: number | undefined;
}

/**
 * A simulated cluster: nodes, pods and the network between them. Made from a lab file with {@link load}, or found again by name with
 * {@link open}. `await using lab = await up(…)` takes it down at the end of the block.
 */
export class Lab implements AsyncDisposable {
  readonly file: LabFile;
  readonly #resolved: Topology;
  readonly #places: LabPlaces;
  readonly #makeKernel: MakeKernel;
  #wish: Wish | undefined;

  /** `kernel` makes what the lab is made on, in place of the running kernel (of {@link Lab.up} and the like; not of `exec` and `test`). */
  constructor(file: LabFile, { kernel = () => new RealKernel() }: LabOptions = {}) {
    this.file = file;
    this.#makeKernel = kernel;
    this.#resolved = resolve(file);
    this.#places = placesOf(this.name);
  }

  get name(): string {
    return this.#resolved.name;
  }

  /** The lab worked out; with driver `cni` the addresses are those that plugins gave, as far as they did. */
  get topology(): Topology {
    return withAttachments(this.#resolved, this.#places);
  }

  /** What is no mistake for certain but looks like one: expectations of the file, or these, that nobody can meet or fail. */
  warnings(expectations?: readonly Expectation[]): readonly LabIssue[] {
    const { file, topology } = this;
    if (expectations === undefined) return warningsOf(file, topology);
    return warningsOf({ ...file, places: new Map() }, { ...topology, expectations });
  }

  /** What the lab shall be in the kernel. */
  get wish(): Wish {
    return (this.#wish ??= planWish(this.#resolved));
  }

  /** What is remembered of the running lab of this name. */
  state(): LabState | undefined {
    return readState(this.#places);
  }

  /** What {@link up} would do now. @throws {LabError} `conflict`, `denied` */
  plan(): Plan {
    return this.#onKernel(`plan lab ${this.name}`, (kernel) => {
      const change = planChange(kernel, this.wish, this.state()?.namespaces ?? []);
      const isThere = (netns: string): boolean => change.facts.has(netns);
      return { ...change, attachments: planAttachments(kernel, this.#resolved, this.#places, isThere) };
    });
  }

  /** Makes the lab be as its file says; only the difference is done. @throws {LabError} */
  async up(options: ChangeOptions = {}): Promise<UpReport> {
    const { name, file } = this;
    return explainingLater(`bring up lab ${name}`, async () => {
      using kernel = this.#makeKernel();
      writingDown(name, this.#places.folder, () => makePlaces(this.#places));
      using _lock = await lockOf(name, this.#places, options.waitMs);
      const before = this.state();
      const after = { name, files: file.files.map(placeOf), input: file.input };
      const oldWish = () => (before === undefined ? undefined : wishOf(before));
      try {
        await this.#detachUnwanted(before);
        const report = await bringUp(kernel, { wish: this.wish, before, oldWish, after }, this.#places, options);
        if (manyPins()) prepareView();
        return { ...report, attached: await this.#attach(kernel, options.signal) };
      } catch (error) {
        if (before === undefined && this.state() === undefined) removeState(this.#places);
        throw error;
      }
    });
  }

  /** Pods that are wanted no more, or not here. Those that stay are looked at when all is there. */
  async #detachUnwanted(before: LabState | undefined): Promise<void> {
    if (before === undefined) return;
    await detachPods(this.name, this.#places, { path: pathOf(before), stays: staysIn(this.#resolved) });
  }

  async #attach(kernel: Kernel, signal: AbortSignal | undefined): Promise<readonly string[]> {
    try {
      return await attachPods(kernel, this.#resolved, this.#places, signal);
    } catch (error) {
      const state = this.state();
      if (state !== undefined) markBegun(this.#places, state);
      throw error;
    }
  }

  /** Removes all of the lab and waits until its links are gone. @throws {LabError} `not-found` */
  async down(options: ChangeOptions = {}): Promise<DownReport> {
    return takeDownByName(this.name, options, this.#makeKernel);
  }

  /** Runs a command in a pod or node and collects its output. @throws {LabError} `not-matched` */
  exec(target: string, command: readonly string[], options: ExecOptions = {}): Promise<Execution> {
    return explainingLater(`run ${command[0]} in ${target}`, () => execute(this.topology, target, command, options));
  }

  /** Tests which pairs reach each other. @throws {LabError} `not-found` where nodes or pods are not there, or not attached */
  test(options: TestOptions = {}): Promise<MatrixResult> {
    const { name } = this;
    return explainingLater(`test lab ${name}`, async () => {
      const [lacking] = unattached(this.#resolved, this.#places);
      if (lacking === undefined) return testLab(this.topology, options);
      throw new LabError(
        "not-found",
        `lab ${name} is not (wholly) up: pod ${lacking} is not attached; run 'netloom up'`,
      );
    });
  }

  /** Impairs what leaves an interface, in place of what its file says; `{}` takes impairments away. @throws {LabError} `not-matched`, `unsupported` */
  impair(target: string, impairment: Impairment): void {
    this.#onKernel(`impair ${target}`, (kernel) => impair(kernel, this.file, target, impairment));
  }

  /** What is in its namespaces now; those that are not there are absent. */
  facts(): Facts {
    return this.#onKernel(`look at lab ${this.name}`, (kernel) =>
      kernel.facts({ namespaces: this.wish.namespaces.map(({ name }) => name) }),
    );
  }

  /** What is there now, beside what shall be; of the first `most` nodes and pods only, if given. */
  inspect(most?: number): Inspection {
    return this.#onKernel(`inspect lab ${this.name}`, (kernel) => inspect(kernel, this.topology, most));
  }

  #onKernel<T>(doing: string, body: (kernel: Kernel) => T): T {
    return explaining(doing, () => {
      using kernel = this.#makeKernel();
      return body(kernel);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.state() !== undefined) await this.down({ waitMs: 10_000 });
  }
}

/** Where a lab comes from: a path or several laid over each other, or an object of the same shape. */
export type LabSource = string | readonly string[] | LabInput;

/** Reads and checks a lab; nothing is made yet. @throws {LabFileError} with every problem and its place */
export function load(source: LabSource, options: LabOptions = {}): Lab {
  if (typeof source === "string") return new Lab(loadLabFile([source]), options);
  return new Lab(isPaths(source) ? loadLabFile(source) : labOf(source), options);
}

function isPaths(source: LabInput | readonly string[]): source is readonly string[] {
  return Array.isArray(source);
}

/** Loads a lab and brings it up. @throws {LabFileError}, {LabError} */
export async function up(source: LabSource, options: ChangeOptions = {}): Promise<Lab> {
  const lab = load(source);
  await lab.up(options);
  return lab;
}

/** Finds a running lab by name, without its file. @throws {LabError} `not-found` */
export function open(name: string): Lab {
  const state = readState(placesOf(name));
  if (state === undefined) throw notFound(name);
  return new Lab({ ...labOf(state.input), files: state.files });
}

/** Takes a lab down by name, whatever state it is in. @throws {LabError} `not-found`, `locked`, `denied`, `partial` */
export async function downByName(name: string, options: ChangeOptions = {}): Promise<DownReport> {
  return takeDownByName(name, options, () => new RealKernel());
}

async function takeDownByName(
  name: string,
  { waitMs, signal }: ChangeOptions,
  makeKernel: MakeKernel,
): Promise<DownReport> {
  const places = placesOf(name);
  return explainingLater(`take down lab ${name}`, async () => {
    if (readState(places) === undefined) throw notFound(name);
    using _lock = await lockOf(name, places, waitMs);
    const state = readState(places);
    if (state === undefined) throw notFound(name);
    using kernel = makeKernel();
    const undetached = await detachPods(name, places, { path: pathOf(state) });
    const report = await takeDown(kernel, state, `netloom:${name}`, places, signal);
    if (!manyPins()) removeView();
    return { ...report, undetached };
  });
}

async function lockOf(name: string, places: LabPlaces, waitMs?: number): Promise<LabLock> {
  return LabLock.take(name, places.lock, waitMs).catch((error: unknown) =>
    writingDown(name, places.folder, () => {
      throw error;
    }),
  );
}

/** What a remembered lab was to be; nothing if its description is not understood any more. */
function wishOf(state: LabState): Wish | undefined {
  try {
    return planWish(resolve(labOf(state.input)));
  } catch (error) {
    if (error instanceof LabFileError) return undefined;
    throw error;
  }
}

/** Where a remembered lab's CNI plugins are; nothing if it has none of its own. */
function pathOf({ input: { network, networks = [] } }: LabState): readonly string[] {
  return [...new Set([network, ...networks].flatMap((each) => each?.cni?.path ?? []))];
}

function notFound(name: string): LabError {
  const labs = listLabs();
  const known = labs.length === 0 ? "none is running" : `running: ${labs.join(", ")}`;
  return new LabError("not-found", `there is no lab called ${name} (${known})`);
}

/** A file as it can be found from any folder; standard input has no place. */
function placeOf(file: string): string {
  return file.startsWith("<") ? file : absolute(file);
}
