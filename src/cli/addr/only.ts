import { UsageError } from "../usage.ts";

/** The one argument of a command. @throws {UsageError} where there is none, or more */
export function only([first, ...more]: readonly string[], what: string, example: string): string {
  if (first === undefined) throw new UsageError(`${what} is missing`, `like this: ${example}`);
  if (more.length > 0)
    throw new UsageError(`one ${what} is enough: what is ${more.join(" ")}?`, `like this: ${example}`);
  return first;
}

/** All arguments of a command, at least so many. @throws {UsageError} */
export function atLeast(args: readonly string[], least: number, what: string, example: string): readonly string[] {
  if (args.length >= least) return args;
  throw new UsageError(`give ${what}`, `like this: ${example}`);
}
