import type { Facts, Wish } from "../change/index.ts";
import { type Kernel, RealKernel } from "../kernel/index.ts";
import { manyPins, prepareView, removeView } from "../netns/index.ts";
import type { ApplyOptions } from "./apply.ts";
import { type DownReport, takeDown } from "./down.ts";
import { LabError } from "./error.ts";
import { type Execution, type ExecOptions, execute } from "./exec.ts";
import { type LabFile, type LabInput, labOf, loadLabFile } from "./file/index.ts";
import { type Impairment, impair } from "./impair.ts";
import { type Inspection, inspect } from "./inspect.ts";
import { LabLock } from "./lock.ts";
import { type LabPlaces, makePlaces, placesOf } from "./places.ts";
import { planWish } from "./plan.ts";
import { type TestOptions, testLab } from "./reach.ts";
import { resolve } from "./resolve/index.ts";
import { type LabState, listLabs, readState, removeState } from "./state.ts";
import type { Topology } from "./topology.ts";
import { type Plan, type UpReport, bringUp, planChange } from "./up.ts";
import type { MatrixResult } from "../probe/index.ts";

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
  readonly topology: Topology;
  readonly #places: LabPlaces;
  #wish: Wish | undefined;

  constructor(file: LabFile) {
    this.file = file;
    this.topology = resolve(file);
    this.#places = placesOf(this.topology.name);
  }

  get name(): string {
    return this.topology.name;
  }

  /** What the lab shall be in the kernel. */
  get wish(): Wish {
    return (this.#wish ??= planWish(this.topology));
  }

  /** What is remembered of the running lab of this name. */
  state(): LabState | undefined {
    return readState(this.#places);
  }

  /** What {@link up} would do now. @throws {LabError} `conflict` */
  plan(): Plan {
    using kernel = realKernel();
    return planChange(kernel, this.wish, this.state()?.namespaces ?? []);
  }

  /** Makes the lab be as its file says; only the difference is done. @throws {LabError} */
  async up(options: ChangeOptions = {}): Promise<UpReport> {
    using kernel = realKernel();
    makePlaces(this.#places);
    using _lock = await LabLock.take(this.name, this.#places.lock, options.waitMs);
    const before = this.state();
    const after = { name: this.name, files: this.file.files, input: this.file.input };
    try {
      const report = await bringUp(kernel, this.wish, this.#places, before, after, options);
      if (manyPins()) prepareView();
      return report;
    } catch (error) {
      if (before === undefined && this.state() === undefined) removeState(this.#places);
      throw error;
    }
  }

  /** Removes all of the lab and waits until its links are gone. @throws {LabError} `not-found` */
  async down(options: ChangeOptions = {}): Promise<DownReport> {
    return downByName(this.name, options);
  }

  /** Runs a command in a pod or node and collects its output. @throws {LabError} `not-matched` */
  exec(target: string, command: readonly string[], options: ExecOptions = {}): Promise<Execution> {
    return execute(this.topology, target, command, options);
  }

  /** Tests which pairs reach each other. */
  test(options: TestOptions = {}): Promise<MatrixResult> {
    return testLab(this.topology, options);
  }

  /** Impairs what leaves an interface, in place of what its file says; `{}` takes impairments away. @throws {LabError} `not-matched`, `unsupported` */
  impair(target: string, impairment: Impairment): void {
    using kernel = realKernel();
    impair(kernel, this.file, target, impairment);
  }

  /** What is in its namespaces now; those that are not there are absent. */
  facts(): Facts {
    using kernel = realKernel();
    return kernel.facts({ namespaces: this.wish.namespaces.map(({ name }) => name) });
  }

  /** What is there now, beside what shall be. */
  inspect(): Inspection {
    using kernel = realKernel();
    return inspect(kernel, this.topology);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.state() !== undefined) await this.down({ waitMs: 10_000 });
  }
}

/** Where a lab comes from: a path or several laid over each other, or an object of the same shape. */
export type LabSource = string | readonly string[] | LabInput;

/** Reads and checks a lab; nothing is made yet. @throws {LabFileError} with every problem and its place */
export function load(source: LabSource): Lab {
  if (typeof source === "string") return new Lab(loadLabFile([source]));
  return new Lab(isPaths(source) ? loadLabFile(source) : labOf(source));
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
  return new Lab(labOf(state.input));
}

/** Takes a lab down by name, whatever state it is in. @throws {LabError} `not-found`, `locked` */
export async function downByName(name: string, { waitMs }: ChangeOptions = {}): Promise<DownReport> {
  const places = placesOf(name);
  if (readState(places) === undefined) throw notFound(name);
  using _lock = await LabLock.take(name, places.lock, waitMs);
  const state = readState(places);
  if (state === undefined) throw notFound(name);
  using kernel = realKernel();
  const report = await takeDown(kernel, `netloom:${name}`, state.namespaces, places);
  if (!manyPins()) removeView();
  return report;
}

function notFound(name: string): LabError {
  const labs = listLabs();
  const known = labs.length === 0 ? "none is running" : `running: ${labs.join(", ")}`;
  return new LabError("not-found", `there is no lab called ${name} (${known})`);
}

function realKernel(): RealKernel & Kernel {
  return new RealKernel();
}
