import { OvsdbError } from "./error.ts";
import { type Json, type NamedUuid, type Uuid, type Value, toNotation } from "./value.ts";

/** `<condition>` of RFC 7047, section 5.1. An empty list of them is every row. */
export type Condition = readonly [
  column: string,
  is: "==" | "!=" | "<" | "<=" | ">" | ">=" | "includes" | "excludes",
  value: Value,
];
/** `<mutation>` of section 5.1. */
export type Mutation = readonly [column: string, how: "+=" | "-=" | "insert" | "delete", value: Value];
type Values = Readonly<Record<string, Value>>;

/** `<operation>` of section 5.2, as far as they are needed. */
export type Operation =
  /** `name`: what other operations of the transaction call the new row. */
  | { readonly op: "insert"; readonly table: string; readonly row: Values; readonly name?: NamedUuid }
  | {
      readonly op: "select";
      readonly table: string;
      readonly where: readonly Condition[];
      readonly columns: readonly string[];
    }
  | { readonly op: "update"; readonly table: string; readonly where: readonly Condition[]; readonly row: Values }
  | {
      readonly op: "mutate";
      readonly table: string;
      readonly where: readonly Condition[];
      readonly mutations: readonly Mutation[];
    }
  | { readonly op: "delete"; readonly table: string; readonly where: readonly Condition[] }
  /** Goes on once exactly these rows fit; after `timeout` milliseconds the whole transaction is refused with `timed out`. */
  | {
      readonly op: "wait";
      readonly table: string;
      readonly where: readonly Condition[];
      readonly columns: readonly string[];
      readonly rows: readonly Values[];
      readonly timeout: number;
    };

/** The operation as it is sent. */
export function operationToJson(operation: Operation): Json {
  const { op, table } = operation;
  switch (op) {
    case "insert": {
      const name = operation.name === undefined ? {} : { "uuid-name": operation.name.named };
      return { op, table, ...name, row: rowToJson(operation.row) };
    }
    case "select":
      return { op, table, where: whereToJson(operation.where), columns: operation.columns };
    case "update":
      return { op, table, where: whereToJson(operation.where), row: rowToJson(operation.row) };
    case "mutate":
      return {
        op,
        table,
        where: whereToJson(operation.where),
        mutations: operation.mutations.map(([column, how, value]) => [column, how, toNotation(value)]),
      };
    case "delete":
      return { op, table, where: whereToJson(operation.where) };
    case "wait": {
      const { where, columns, rows, timeout } = operation;
      return { op, table, where: whereToJson(where), columns, until: "==", rows: rows.map(rowToJson), timeout };
    }
    default:
      return operation satisfies never;
  }
}

const whereToJson = (where: readonly Condition[]): Json =>
  where.map(([column, is, value]) => [column, is, toNotation(value)]);
const rowToJson = (row: Values): Json =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toNotation(value)]));

/** What an operation came to: `insert` tells the row, `select` rows, the others how many. */
export interface OperationResult {
  readonly uuid?: Uuid;
  readonly rows?: readonly Readonly<Record<string, Json>>[];
  readonly count?: number;
}

/**
 * The results of a transaction, one per operation. A refusal is at its operation's place, or behind all of them where it was found
 * at the commit; `error` of the answer itself stays null (section 4.1.3). @throws {OvsdbError} `refused`, `protocol`
 */
export function resultsOf(operations: readonly Operation[], answer: Json): readonly OperationResult[] {
  if (!Array.isArray(answer) || answer.length < operations.length) throw strange(answer);
  for (const [i, one] of (answer as readonly Json[]).entries()) {
    if (isObject(one) && "error" in one) throw refusal(operations[i], one);
  }
  return operations.map((_, i) => {
    const one = answer[i];
    if (!isObject(one)) throw strange(answer);
    const { uuid, rows, count } = one;
    return {
      ...(Array.isArray(uuid) && { uuid: { uuid: String(uuid[1]) } }),
      ...(Array.isArray(rows) && { rows: rows.filter(isObject) }),
      ...(typeof count === "number" && { count }),
    };
  });
}

function isObject(json: Json | undefined): json is { readonly [key: string]: Json } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function refusal(operation: Operation | undefined, { error, details }: { readonly [key: string]: Json }): OvsdbError {
  const reason = typeof error === "string" ? error : JSON.stringify(error);
  const said = typeof details === "string" ? details : "";
  // The words name them: `… rows in "Interface" table …`, `… index on column "name"`, `No column x in table y.`
  const table = operation?.table ?? /"(\w+)" table/.exec(said)?.[1];
  const column = (/(\w+) is not a valid column/.exec(said) ?? /[Cc]olumn "?(\w+)"?/.exec(said))?.[1];
  const doing = operation === undefined ? "commit the transaction" : `${operation.op} in table ${operation.table}`;
  return new OvsdbError("refused", `${doing}: ${reason}${said === "" ? "" : `: ${said}`}`, {
    reason,
    ...(table !== undefined && { table }),
    ...(column !== undefined && { column }),
  });
}

function strange(answer: Json): OvsdbError {
  return new OvsdbError("protocol", `the database answered a transaction with ${JSON.stringify(answer)}`);
}
