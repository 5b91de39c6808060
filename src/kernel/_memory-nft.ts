import type { OpOf } from "../change/index.ts";
import { type Owned, type SharedTable, ownChain, printElement, printRule, printTable } from "../nft/index.ts";
import { refuse } from "./_memory-refusal.ts";

/** The shared tables of one namespace: whose rules are in which. */
export class MemoryRuleset {
  readonly #tables = new Map<string, Map<string, Owned>>();

  put({ table, owner, own, taking = false }: OpOf<"nft.put">): void {
    const at = printTable(table);
    const others = [...(this.#tables.get(at) ?? [])].filter(([name]) => name !== owner);
    const taken = new Set(elementsOf(own).map(({ key }) => key));
    for (const [name, held] of others) {
      const clash = elementsOf(held).find(({ key }) => taken.has(key));
      if (clash !== undefined && !taking) refuse("EEXIST", `element ${clash.key} is taken by netloom ${name}`);
    }
    const left = others.map(([name, held]) => [name, without(held, taken)] as const);
    this.#tables.set(at, new Map([...left, [owner, own]]));
  }

  delete({ table, owner }: OpOf<"nft.delete">): void {
    const at = printTable(table);
    const owners = this.#tables.get(at);
    owners?.delete(owner);
    if (owners?.size === 0) this.#tables.delete(at);
  }

  owners(table: SharedTable): readonly string[] {
    return [...(this.#tables.get(printTable(table))?.keys() ?? [])];
  }

  missing({ table, owner, own }: OpOf<"nft.put">): readonly string[] {
    const held = this.#tables.get(printTable(table))?.get(owner);
    const here = new Set(held === undefined ? [] : linesOf(owner, held));
    return linesOf(owner, own).filter((line) => !here.has(line));
  }
}

function elementsOf({ elements = [] }: Owned) {
  return elements.flatMap(({ set, elements: some }) =>
    some.map((element) => ({ set, element, key: `${set} ${element.key.join(" . ")}` })),
  );
}

function without(held: Owned, keys: ReadonlySet<string>): Owned {
  const elements = elementsOf(held).filter(({ key }) => !keys.has(key));
  return { ...held, elements: elements.map(({ set, element }) => ({ set, elements: [element] })) };
}

function linesOf(owner: string, own: Owned): string[] {
  const rules = Object.entries(own.rules).flatMap(([role, some]) =>
    some.map((rule) => `rule of ${ownChain(role, owner)}: ${printRule(rule)}`),
  );
  return [...rules, ...elementsOf(own).map(({ set, element }) => `element of ${set}: ${printElement(element)}`)];
}
