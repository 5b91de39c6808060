import type { IfName } from "../../values/index.ts";

/** Things that stand on devices, by a key of their own and by device; removing one is cheap. */
export class DevTable<T> {
  readonly #byKey: Map<string, T>;
  readonly #devsOf: (item: T) => readonly IfName[];
  #keysByDev: Map<IfName, string[]> | undefined;

  constructor(items: Iterable<readonly [string, T]>, devsOf: (item: T) => readonly IfName[]) {
    this.#byKey = new Map(items);
    this.#devsOf = devsOf;
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key);
  }

  entries(): Iterable<[string, T]> {
    return this.#byKey;
  }

  delete(key: string): void {
    this.#byKey.delete(key);
  }

  on(dev: IfName): T[] {
    return (this.#index().get(dev) ?? []).flatMap((key) => this.#byKey.get(key) ?? []);
  }

  /** Takes away those of `dev` that `which` chooses, and answers them. */
  take(dev: IfName, which: (item: T) => boolean = () => true): T[] {
    const taken: T[] = [];
    for (const key of this.#index().get(dev) ?? []) {
      const item = this.#byKey.get(key);
      if (item === undefined || !which(item)) continue;
      this.#byKey.delete(key);
      taken.push(item);
    }
    return taken;
  }

  /** Takes away those that `which` chooses, whatever their device. */
  takeAll(which: (item: T) => boolean): T[] {
    const taken: T[] = [];
    for (const [key, item] of this.#byKey) {
      if (!which(item)) continue;
      this.#byKey.delete(key);
      taken.push(item);
    }
    return taken;
  }

  #index(): Map<IfName, string[]> {
    if (this.#keysByDev !== undefined) return this.#keysByDev;
    const index = new Map<IfName, string[]>();
    for (const [key, item] of this.#byKey) {
      for (const dev of this.#devsOf(item)) {
        const keys = index.get(dev);
        if (keys === undefined) index.set(dev, [key]);
        else keys.push(key);
      }
    }
    return (this.#keysByDev = index);
  }
}
