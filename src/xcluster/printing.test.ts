import { describe, expect, test } from "bun:test";
import { printingRuns } from "./_golden.ts";
import { XclusterError } from "./error.ts";
import { printing } from "./printing.ts";
import { printingHelp } from "./printing-help.ts";
import { strictPrinting } from "./strict-printing.ts";
import { variablesOf, wordsOf } from "./variables.ts";

const { cases, rnd_addresses } = await printingRuns();
const list = rnd_addresses.map(String);

/** A call as the dispatcher makes it. */
function call(
  line: readonly string[],
  env: Readonly<Record<string, string>> = {},
  hostname = "vm-001",
  lines: readonly string[] | undefined = list,
) {
  const [command = "", ...words] = line;
  const { options, rest } = wordsOf(words);
  const rndAddresses = () => lines;
  const commands = options["__strict"] === undefined ? printing : strictPrinting;
  return commands[command]?.({ args: rest, options, variables: variablesOf(env, options), hostname, rndAddresses });
}

describe("every recorded run of the original that prints", () => {
  const runs = cases.filter(({ args }) => Object.hasOwn(printing, args[0] ?? ""));
  test.each(runs.map((run) => [`${run.args.join(" ")} ${JSON.stringify(run.env)}`, run] as const))(
    "netns_test %s",
    (_, { args, env, hostname, exit, stdout, stderr }) => {
      expect(call(args, env, hostname)).toEqual({ exit, stdout, stderr });
    },
  );

  test("there are all of them", () => {
    expect(runs.length).toBe(44);
  });

  test("and all have help", () => {
    expect(printingHelp.map(({ command }) => command)).toEqual(Object.keys(printing));
    expect(Object.keys(strictPrinting)).toEqual(Object.keys(printing));
  });
});

describe("as the original", () => {
  test("a pod with a name prefix has net 0, for its name spoils the net's number", () => {
    expect(call(["compute_address", "br2-vm-002-ns03"])?.stdout).toBe("172.16.0.3/24\n1000::1:ac10:3/120\n");
    expect(call(["name", "2", "4"], { NAME_PREFIX: "br2-" })?.stdout).toBe("br2-vm-001-ns04\nbr2-vm-001-ns05\n");
  });

  test("an empty count is none, but to name the next word takes its place", () => {
    expect(call(["for", "", "3"], { NPODS: "2" })?.stdout).toBe("3\n4\n");
    expect(call(["name", "", "2"], { NPODS: "1" })?.stdout).toBe("vm-001-ns01\nvm-001-ns02\n");
  });

  test("family 4 alone has status 1, though it is right", () => {
    expect(call(["address_pods", "1", "4"], { NPODS: "1" })).toEqual({
      exit: 1,
      stdout: "172.16.1.1/24\n",
      stderr: "",
    });
    expect(call(["rndaddress_node", "1", "4"])).toEqual({ exit: 1, stdout: "172.16.0.45/24\n", stderr: "" });
    expect(call(["address_pods", "1", "4"], { NPODS: "0" })?.exit).toBe(0);
  });

  test("an IPv6 template prints once, and fails once", () => {
    expect(call(["compute_address", "vm-002-ns03"], { ADRTEMPLATE: "fd00::/112/120" })).toEqual({
      exit: 0,
      stdout: "fd00::203/120\n",
      stderr: "Can't combine ipv6template and IPv6 addresses\n",
    });
  });

  test("a line past the end is host 0, one before the first the first", () => {
    expect(call(["rndaddress_node", "255", "6"])?.stdout).toBe("1000::1:ac10:0/120\n");
    expect(call(["rndaddress_node", "0", "6"])?.stdout).toBe("1000::1:ac10:2d/120\n");
  });

  test("the seed in the list's last line misleads nobody", () => {
    const seeded = [...list.slice(0, -1), `${list.at(-1)}#seed=demo`];
    expect(call(["rndaddress_node", "254", "6"], {}, "vm-001", seeded)?.stdout).toBe("1000::1:ac10:a4/120\n");
  });

  test("unknown options count for nothing", () => {
    expect(call(["for", "--what=ever", "--so", "1"])).toEqual({ exit: 0, stdout: "1\n", stderr: "" });
  });
});

describe("--strict", () => {
  test.each([
    [["for", "2", "3"], "3\n4\n"],
    [["name", "1", "12"], "vm-001-ns12\n"],
    [["compute_address", "vm-002-ns03"], "172.16.2.3/24\n1000::1:ac10:203/120\n"],
    [["compute_address", "--family=6", "br2-vm-002-ns03"], "1000::1:ac10:3/120\n"],
    [["address_pods", "--npods=9", "2", "4"], undefined],
    [["rndaddress_node", "4"], "172.16.0.73/24\n1000::1:ac10:49/120\n"],
    [["rndaddress_pods", "--nvm=3", "3", "4"], "172.16.0.4/24\n172.16.0.52/24\n172.16.0.30/24\n172.16.0.79/24\n"],
    [["prerequisites"], ""],
  ])("%p", ([command = "", ...words], stdout) => {
    const printed = call([command, "--strict", ...words]);
    if (stdout === undefined) expect(printed?.stderr).toContain("there is no option --npods");
    else expect(printed).toEqual({ exit: 0, stdout, stderr: "" });
  });

  test("status 0 for one family too", () => {
    expect(call(["address_pods", "--strict", "1", "4"])?.exit).toBe(0);
  });

  test.each([
    [["for", "x"], {}, `count "x" is not a whole number`],
    [["for", "1", "2", "3"], {}, `"3" is too much`],
    [["for"], { NPODS: "many" }, `count "many"`],
    [["name", "1"], { NAME_PREFIX: "long5-" }, "long5-vm-001-ns01 is too long"],
    [["compute_address"], {}, "POD is missing"],
    [["compute_address", "vm-001-eth3"], {}, `"vm-001-eth3" is no pod's name`],
    [["compute_address", "vm-001-ns03x"], {}, "no pod's name"],
    [["compute_address", "vm-256-ns01"], {}, "net 256 does not fit"],
    [["compute_address", "vm-001-ns256"], {}, "host 256 does not fit"],
    [["compute_address", "vm-001-ns01"], { ADRTEMPLATE: "bogus" }, "ADRTEMPLATE: "],
    [["compute_address", "vm-001-ns01"], { PREFIX: "fd00:1:2" }, "PREFIX: "],
    [["compute_address", "--family=5", "vm-001-ns01"], {}, `--family "5" is no address family`],
    [["address_pods"], {}, "NODE is missing"],
    [["address_pods", "256"], {}, "net 256 does not fit"],
    [["address_pods", "1", "7"], {}, `family "7"`],
    [["rndaddress_node", "5"], {}, "there is no node 5"],
    [["rndaddress_node", "0"], {}, "there is no node 0"],
    [["rndaddress_pods", "3"], { __nvm: "8", NPODS: "31" }, "8·(31+1) = 256 numbers, and the list has 254"],
    [["rndaddress_pods", "2"], { ADRTEMPLATE: "172.16.0.0/24/28" }, "number 45 in line 1 of the list does not fit"],
  ])("%p %p is refused: %s", ([command = "", ...words], env, message) => {
    const printed = call([command, "--strict", ...words], env);
    expect([printed?.exit, printed?.stdout]).toEqual([1, ""]);
    expect(printed?.stderr).toStartWith("ERROR: ");
    expect(printed?.stderr).toContain(message);
  });

  test("a list with junk is refused", () => {
    const printed = call(["rndaddress_node", "--strict", "1"], {}, "vm-001", ["3", "x", "1"]);
    expect(printed?.stderr).toContain(`the shuffled list:2: "x" is no number from 1`);
  });
});

test.each([
  ["as the original", printing],
  ["--strict", strictPrinting],
])("%s, a list that is not there is an error", (_, commands) => {
  const rndAddresses = () => {
    throw new XclusterError("missing-list", "there is no /etc/rnd-addresses");
  };
  const variables = variablesOf({});
  const printed = commands["rndaddress_pods"]?.({
    args: ["1"],
    options: {},
    variables,
    hostname: "vm-001",
    rndAddresses,
  });
  expect(printed).toEqual({ exit: 1, stdout: "", stderr: "ERROR: there is no /etc/rnd-addresses\n" });
});
