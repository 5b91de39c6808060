import type { Environment } from "../output/index.ts";
import type { Flag, Given } from "./flags.ts";

/** Variables that stand for a flag, the one that counts first: `NETLOOM_UP_FILE`, `NETLOOM_FILE`. */
export function variablesOf(command: string, flag: string): readonly string[] {
  const upper = (word: string): string => word.toUpperCase().replaceAll(/[- ]/g, "_");
  return [`NETLOOM_${upper(command)}_${upper(flag)}`, `NETLOOM_${upper(flag)}`];
}

/** What the environment says for a flag; several values are separated by commas. An empty variable says nothing. */
export function givenBy(env: Environment, command: string, flag: string, { repeat }: Flag<unknown>): Given {
  const variable = variablesOf(command, flag).find((name) => env[name] !== undefined && env[name] !== "");
  const value = variable === undefined ? undefined : env[variable];
  return value === undefined || repeat !== true ? value : value.split(",");
}
