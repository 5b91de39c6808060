import { nearest } from "../../values/index.ts";
import { type LookUpWitness, isObject, witnessLookUps } from "../conf.ts";
import type { JsonObject } from "../plugin.ts";

/** What the specification puts there, whoever reads it (SPEC "Plugin configuration objects", "Reserved keys"). */
const reserved = new Set(["cniversion", "name", "type", "args", "ipam", "dns", "capabilities", "runtimeconfig"]);

/** A key that no plugin asked for, and the one that was meant. */
export interface Misspelt {
  /** Where it stands, such as `ipam.subnett`. */
  readonly path: string;
  readonly meant: string;
}

/** Keys of which plugins ask, in each object of a configuration. Others' keys are nobody's fault: only what looks like one of these is told. */
export class AskedKeys {
  readonly #asked = new Map<JsonObject, Set<string>>();

  /** Listens while `work` reads configurations. One at a time. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const witness: LookUpWitness = (object, key) => {
      const keys = this.#asked.get(object);
      if (keys === undefined) this.#asked.set(object, new Set([key]));
      else keys.add(key);
    };
    witnessLookUps(witness);
    try {
      return await work();
    } finally {
      witnessLookUps();
    }
  }

  /** In a value and all within it, in the order of the document. */
  misspeltIn(value: unknown, path = ""): readonly Misspelt[] {
    if (Array.isArray(value)) return value.flatMap((item, at) => this.misspeltIn(item, `${path}[${at}]`));
    if (!isObject(value)) return [];
    const asked = [...(this.#asked.get(value) ?? [])];
    const read = new Set(asked.map((key) => key.toLowerCase()));
    const written = new Set(Object.keys(value).map((key) => key.toLowerCase()));
    const missing = asked.filter((key) => !written.has(key.toLowerCase()));
    return Object.entries(value).flatMap(([key, member]) => {
      const at = path === "" ? key : `${path}.${key}`;
      const known = read.has(key.toLowerCase()) || (path === "" && reserved.has(key.toLowerCase()));
      const meant = known ? undefined : nearest(key, missing);
      return [...(meant === undefined ? [] : [{ path: at, meant }]), ...this.misspeltIn(member, at)];
    });
  }
}
