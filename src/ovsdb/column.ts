import { OvsdbError } from "./error.ts";
import { type Atom, type Json, type Uuid, type Value, fromNotation, isUuid } from "./value.ts";

/** How a column's values are read. `read` answers `undefined` for a value of another type. */
export interface Column<T> {
  readonly what: string;
  readonly read: (value: Value) => T | undefined;
}

const atom = <T extends Atom>(what: string, is: (value: Value) => value is T): Column<T> => ({
  what,
  // The server writes an atom; a set of one means the same (RFC 7047, section 5.1, `<set>`).
  read: (value) => {
    const [only] = value instanceof Set && value.size === 1 ? value : [value];
    return is(only) ? only : undefined;
  },
});

export const text = atom("a string", (value): value is string => typeof value === "string");
export const integer = atom("an integer", (value): value is number => Number.isInteger(value));
export const boolean = atom("a boolean", (value): value is boolean => typeof value === "boolean");
export const uuid = atom<Uuid>("a UUID", isUuid);

/** A column that may be empty: an empty set on the wire, `null` here. */
export const optional = <T>(of: Column<T>): Column<T | null> => ({
  what: `${of.what} or nothing`,
  read: (value) => (value instanceof Set && value.size === 0 ? null : of.read(value)),
});

export const setOf = <T>(of: Column<T>): Column<readonly T[]> => ({
  what: `a set, each ${of.what}`,
  read: (value) => all(value instanceof Set ? [...value] : [value as Atom], of),
});

/** A map from text to text, as all of the Open vSwitch schema that we read are. */
export const texts: Column<Readonly<Record<string, string>>> = {
  what: "a map of strings",
  read: (value) => {
    if (!(value instanceof Map)) return undefined;
    const entries = [...value];
    return entries.every((pair) => pair.every((item) => typeof item === "string"))
      ? (Object.fromEntries(entries) as Record<string, string>)
      : undefined;
  },
};

function all<T>(atoms: readonly Atom[], of: Column<T>): readonly T[] | undefined {
  const items: T[] = [];
  for (const one of atoms) {
    const item = of.read(one);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

/** The columns of a table that are read, by name. */
export type Columns = Readonly<Record<string, Column<unknown>>>;
export type Row<C extends Columns> = { readonly [K in keyof C]: C[K] extends Column<infer T> ? T : never };

/** A row of a `select`, column by column. @throws {OvsdbError} `protocol` with table and column */
export function readRow<C extends Columns>(table: string, columns: C, row: Readonly<Record<string, Json>>): Row<C> {
  const entries = Object.entries(columns).map(([column, { what, read }]) => {
    const json = row[column];
    const value = json === undefined ? undefined : read(fromNotation(json));
    if (value !== undefined) return [column, value];
    const message = `column ${column} of table ${table} is ${JSON.stringify(json)}, not ${what}`;
    throw new OvsdbError("protocol", message, { table, column });
  });
  return Object.fromEntries(entries) as Row<C>;
}
