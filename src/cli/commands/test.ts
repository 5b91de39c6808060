import { command } from "../command.ts";
import { choice, duration, integer, text, texts } from "../flags.ts";
import { runningLab } from "../labs.ts";
import { file, interval, lab, watch } from "../shared-flags.ts";

export const test = command({
  name: "test",
  about: "ask every pod and node to reach every pod, in both families",
  args: "[NAME]",
  completes: "lab",
  flags: {
    file,
    lab,
    mtu: text("N|auto", "send IP packets of N bytes that may not be fragmented; auto: as large as the lab promises"),
    count: integer("N", "questions per pair", 1, 10_000, { short: "c", otherwise: "1" }),
    retries: integer("N", "ask a silent pair again so often", 0, 1000, {
      otherwise: "0; 2 where Open vSwitch forwards in user space",
    }),
    family: choice(["4", "6", "both"], "both", "which addresses"),
    only: text("PATTERN", "only pairs that begin or end at a name like this; * is any text"),
    expect: texts("FROM:TO=yes|no", "these pairs shall (not) reach each other, whatever the file says"),
    timeout: duration("wait so long for each answer", { otherwise: "1s" }),
    output: choice(["table", "json", "yaml", "junit"], "table", "how to print the result", {
      short: "o",
      aliases: [{ long: "format" }],
    }),
    watch,
    interval,
  },
  examples: [
    ["test", "the only lab, once"],
    ["test overlay --mtu auto", "at the full MTU, with DF"],
    ["test --expect 'vm-001-*:vm-002-*=no'", "expect a wall"],
    ["test -o junit >report.xml", "for CI"],
  ],
  exits: [4, 5, 6, 7],
  run: async (call) => {
    const { testAndShow } = await import("../test-run.ts");
    return testAndShow(await runningLab(call), call);
  },
});
