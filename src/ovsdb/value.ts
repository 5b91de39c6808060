import { OvsdbError } from "./error.ts";

/** A row's own number (RFC 7047, section 3.1, `<uuid>`). */
export interface Uuid {
  readonly uuid: string;
}

/** A row that an earlier or later operation of the same transaction makes (`<named-uuid>`). */
export interface NamedUuid {
  readonly named: string;
}

/** RFC 7047, section 5.1, `<atom>`. Integers are 64 bits there; what is beyond 2^53 is rounded by JSON and refused here. */
export type Atom = string | number | boolean | Uuid | NamedUuid;

/** What a column holds. A set of one may be written as its only element. */
export type Value = Atom | ReadonlySet<Atom> | ReadonlyMap<Atom, Atom>;

/** What `JSON.parse` gives. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** `<id>` of section 3.1: a name with a dash or a dot in it is none. */
const idText = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A value as it is sent. @throws {TypeError} for what the notation cannot say, before anything is sent */
export function toNotation(value: Value): Json {
  if (value instanceof Set) return ["set", [...value].map(atomToNotation)];
  if (value instanceof Map)
    return ["map", [...value].map(([key, item]) => [atomToNotation(key), atomToNotation(item)])];
  return atomToNotation(value as Atom);
}

function atomToNotation(atom: Atom): Json {
  if (typeof atom === "string" || typeof atom === "boolean") return atom;
  if (typeof atom === "number") {
    if (Number.isFinite(atom) && (!Number.isInteger(atom) || Number.isSafeInteger(atom))) return atom;
    throw new TypeError(`${atom} is no number that JSON keeps exactly`);
  }
  if ("uuid" in atom) {
    if (uuidText.test(atom.uuid)) return ["uuid", atom.uuid];
    throw new TypeError(`"${atom.uuid}" is no UUID`);
  }
  if (idText.test(atom.named)) return ["named-uuid", atom.named];
  throw new TypeError(`"${atom.named}" is no name for a row: letters, digits and underscores, no digit first`);
}

/** A value as it was received. @throws {OvsdbError} `protocol` */
export function fromNotation(json: Json): Value {
  if (!Array.isArray(json)) return atomFromNotation(json);
  const [tag, content] = json as readonly Json[];
  if (tag === "set" && json.length === 2 && Array.isArray(content)) return new Set(content.map(atomFromNotation));
  if (tag === "map" && json.length === 2 && Array.isArray(content)) return new Map(content.map(pairFromNotation));
  return atomFromNotation(json);
}

function pairFromNotation(json: Json): [Atom, Atom] {
  if (!Array.isArray(json) || json.length !== 2) throw strange(json, "a pair of a map");
  return [atomFromNotation(json[0] as Json), atomFromNotation(json[1] as Json)];
}

function atomFromNotation(json: Json): Atom {
  if (typeof json === "string" || typeof json === "boolean") return json;
  if (typeof json === "number") {
    if (!Number.isInteger(json) || Number.isSafeInteger(json)) return json;
    throw strange(json, "a number that JSON keeps exactly");
  }
  if (Array.isArray(json) && json.length === 2 && typeof json[1] === "string") {
    if (json[0] === "uuid" && uuidText.test(json[1])) return { uuid: json[1] };
    if (json[0] === "named-uuid" && idText.test(json[1])) return { named: json[1] };
  }
  throw strange(json, "an atom");
}

function strange(json: Json, wanted: string): OvsdbError {
  return new OvsdbError("protocol", `the database sent ${JSON.stringify(json)} where ${wanted} belongs`);
}

export const isUuid = (value: Value): value is Uuid => typeof value === "object" && "uuid" in value;
