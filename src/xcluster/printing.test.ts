import { describe, expect, test } from "bun:test";
import { printingRuns } from "./_golden.ts";
import { printing } from "./printing.ts";
import { variablesOf, wordsOf } from "./variables.ts";

const { cases, rnd_addresses } = await printingRuns();
const list = rnd_addresses.map(String);

/** A call as the dispatcher makes it. */
function call(line: readonly string[], env: Readonly<Record<string, string>> = {}, hostname = "vm-001") {
  const [command = "", ...words] = line;
  const { options, rest } = wordsOf(words);
  const variables = variablesOf(env, options);
  return printing[command]?.({ args: rest, options, variables, hostname, rndAddresses: () => list });
}

describe("every recorded run of the original that prints", () => {
  const printed = cases.filter(({ args }) => Object.hasOwn(printing, args[0] ?? ""));
  test.each(printed.map((run) => [`${run.args.join(" ")} ${JSON.stringify(run.env)}`, run] as const))(
    "netns_test %s",
    (_, { args, env, hostname, exit, stdout, stderr }) => {
      expect(call(args, env, hostname)).toEqual({ exit, stdout, stderr });
    },
  );

  test("there are all of them", () => {
    expect(printed.length).toBe(44);
  });
});
