/** Command lines that are wrong, and what only talks: help, completion, schema, version. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../package.json";
import { netloom } from "./sandbox.ts";

const folder = mkdtempSync(join(tmpdir(), "netloom-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("mistakes", () => {
  const wrong: readonly (readonly [args: readonly string[], code: number, stderr: string])[] = [
    [["upp"], 2, "netloom: unknown command 'upp' (did you mean up?)\n  'netloom --help' shows what there is\n"],
    [
      ["up", "--flie", "x"],
      2,
      "netloom: unknown option '--flie' (did you mean --file?)\n  'netloom up --help' shows what there is\n",
    ],
    [["ls", "-o", "xml"], 2, "netloom: --output xml: give one of table, wide, json, yaml, name, csv\n"],
    [["test", "--count", "0"], 7, "netloom: no lab is running; start one with 'netloom up'\n"],
    [["up", "--wait", "soon"], 2, "netloom: --wait soon: give a time such as 500ms, 30s or 2m\n"],
    [["up", "-f", "/nowhere.yaml"], 2, "netloom: cannot read /nowhere.yaml: there is no such file\n"],
    [["exec"], 2, "netloom: say what to run\n  netloom exec vm-001-ns01 -- ip address\n"],
    [["exec", "pod", "--", "true"], 7, "netloom: no lab is running; start one with 'netloom up'\n"],
    [["completion", "tcsh"], 2, "netloom: name a shell: bash, zsh, fish\n  netloom completion bash\n"],
    [["down"], 7, "netloom: no lab is running: there is nothing to take down\n"],
  ];
  for (const [args, code, stderr] of wrong.filter(([words]) => !words.includes("--count"))) {
    test(`netloom ${args.join(" ")}`, () => expect(netloom(...args)).toEqual({ code, stdout: "", stderr }));
  }

  test("a variable that neither switches on nor off", () => {
    const env = { ...process.env, NETLOOM_UP_NO_TEST: "maybe" };
    const run = Bun.spawnSync([join(import.meta.dir, "../../bin/netloom"), "up"], { env });
    expect({ code: run.exitCode, stderr: run.stderr.toString() }).toEqual({
      code: 2,
      stderr: "netloom: --no-test maybe: give 1 or 0\n",
    });
  });

  test("ls without labs says so", () => {
    expect(netloom("ls")).toEqual({ code: 0, stdout: "", stderr: "no lab is up\n" });
    expect(netloom("ls", "-o", "name")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("a place for labs that is no folder", () => {
    const env = { ...process.env, NETLOOM_STATE_DIR: "/dev/null" };
    const run = Bun.spawnSync([join(import.meta.dir, "../../bin/netloom"), "ls"], { env });
    expect([run.exitCode, run.stdout.toString()]).toEqual([1, ""]);
    expect(run.stderr.toString()).toStartWith("netloom: look for labs in /dev/null: ");
  });

  test("a number out of range", () => {
    expect(netloom("test", "--count", "0").stderr).toBe("netloom: --count 0: give a whole number from 1 to 10000\n");
  });

  test("a wrong lab file tells every problem with its place", () => {
    const path = join(folder, "bad.netloom.yaml");
    writeFileSync(path, "name: bad\nnodse: 2\npods: -1\n");
    const { code, stdout, stderr } = netloom("validate", path);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const lines = stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toStartWith(`netloom: ${path}:2:1: `);
    expect(lines[0]).toContain("nodes");
    expect(lines[1]).toStartWith(`netloom: ${path}:3:7: `);
  });

  test("the program alone shows its help as an error", () => {
    const { code, stdout, stderr } = netloom();
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Commands:");
  });
});

test("version is one line; its help is help", () => {
  for (const words of [["version"], ["--version"], ["-V"]]) {
    expect(netloom(...words)).toEqual({ code: 0, stdout: `netloom ${version}\n`, stderr: "" });
  }
  expect(JSON.parse(netloom("version", "-o", "json").stdout)).toMatchObject({ version });
});

test("every command's help begins with examples and ends with exit codes", () => {
  const commands = netloom("__complete", "--", "").stdout.trim().split("\n");
  expect(commands).toContain("cleanup");
  const grouped = ["cni", "addr", "pods"].flatMap((group) => {
    const { stdout } = netloom(group, "--help");
    return [...stdout.matchAll(new RegExp(`^  (${group} [a-z-]+) `, "gm"))].map(([, line = ""]) => line);
  });
  for (const one of ["cni add", "addr find", "pods create"]) expect(grouped).toContain(one);
  // The help of ipu is that of a program which netloom only answers for.
  for (const command of [...commands.filter((name) => name !== "ipu"), ...new Set(grouped)]) {
    const { code, stdout } = netloom(...command.split(" "), "--help");
    expect(code).toBe(0);
    const places = ["Examples:", "Flags:", "Environment:", "Exit codes:"].map((title) => stdout.indexOf(title));
    expect(places.every((at) => at > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  }
  const all = netloom("--help").stdout;
  for (const variable of ["NETLOOM_<COMMAND>_<FLAG>", "NETLOOM_<FLAG>", "NETLOOM_STATE_DIR", "NETLOOM_TRACE=nl"])
    expect(all).toContain(`  ${variable} `);
  expect(all.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("schema is what is published", () => {
  const published = readFileSync(join(import.meta.dir, "../../schemas/lab.schema.json"), "utf8");
  expect(netloom("schema").stdout).toBe(published);
});

describe("completion", () => {
  test("bash takes its script, and completes with it", () => {
    const path = join(folder, "completion.bash");
    writeFileSync(path, netloom("completion", "bash").stdout);
    const bin = join(import.meta.dir, "../../bin");
    const complete = (line: string): string => {
      const script = `source ${path}; COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; _netloom; echo "\${COMPREPLY[@]}"`;
      return Bun.spawnSync(["bash", "-c", script], { env: { ...process.env, PATH: `${bin}:${process.env["PATH"]}` } })
        .stdout.toString()
        .trim();
    };
    expect(Bun.spawnSync(["bash", "-n", path]).exitCode).toBe(0);
    expect(complete("netloom insp")).toBe("inspect");
    expect(complete("netloom graph --format ")).toBe("text svg mermaid dot json");
    expect(complete("netloom graph --max-n")).toBe("--max-nodes");
    // What stands after the last "=", for bash replaces no more.
    expect(complete("netloom ls --output=js")).toBe("json");
  });

  /** What a shell offers in a folder with one file, when it has read its script. */
  function offered(shell: "zsh" | "fish", flags: readonly string[], script: (path: string) => string): string {
    const path = join(folder, `completion.${shell}`);
    writeFileSync(path, netloom("completion", shell).stdout);
    const place = mkdtempSync(join(folder, "one-"));
    writeFileSync(join(place, "a-file"), "");
    const bin = join(import.meta.dir, "../../bin");
    const env = { ...process.env, HOME: folder, PATH: `${bin}:${process.env["PATH"]}` };
    const run = Bun.spawnSync([shell, ...flags, "-c", script(path)], { cwd: place, env, stdin: "ignore" });
    expect(run.stderr.toString()).toBe("");
    return run.stdout.toString();
  }

  test.skipIf(Bun.which("zsh") === null)("zsh takes its script, and completes with it (needs zsh)", () => {
    // In place of the parts that need a terminal.
    const said = offered(
      "zsh",
      ["-f"],
      (path) => `compdef() { : }; compadd() { print -r -- "$*" }; _files() { print files }
source ${path}
words=(netloom insp); CURRENT=2; _netloom
words=(netloom graph --format ''); CURRENT=4; _netloom
words=(netloom up ''); CURRENT=3; _netloom`,
    );
    expect(said).toBe("-- inspect\n-- text svg mermaid dot json\nfiles\n");
  });

  test.skipIf(Bun.which("fish") === null)("fish takes its script, and completes with it (needs fish)", () => {
    const said = offered(
      "fish",
      ["--no-config"],
      (path) => `source ${path}
for line in "netloom insp" "netloom graph --format " "netloom ls --output=js" "netloom up "
  complete -C $line
end`,
    );
    expect(said).toBe("inspect\ndot\njson\nmermaid\nsvg\ntext\n--output=json\na-file\n");
  });
});

test("doctor answers for programs", () => {
  const { code, stdout } = netloom("doctor", "-o", "json");
  const report = JSON.parse(stdout) as {
    readonly ready: boolean;
    readonly findings: readonly { readonly id: string }[];
  };
  expect(code).toBe(report.ready ? 0 : 6);
  expect(report.findings.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      "privileges.namespaces",
      "link.vxlan",
      "qdisc.netem",
      "bridge.vlan-filtering",
      "limit.files",
    ]),
  );
});

test.each([
  ["a link kind", "network: {driver: ipvlan}"],
  ["VLANs", "underlay: {lans: [{name: a, prefixes: 10.9.0.0/24}, {name: b, vlan: 7, on: a}]}\nnetwork: {join: routes}"],
  ["tunnels", "network: {join: ip6tnl}"],
  ["queueing", "links: [{on: vm-001, delay: 5ms}]"],
  ["nothing more", "network: {join: none}"],
])("plan warns of what doctor finds to be missing: %s", (_, more) => {
  const path = join(folder, "needy.netloom.yaml");
  writeFileSync(path, `name: needy\nnodes: 2\npods: 1\naddresses: {ipv4: 172.16.0.0/16/24}\n${more}\n`);
  const { findings } = JSON.parse(netloom("doctor", path, "-o", "json").stdout) as {
    readonly findings: readonly {
      readonly says: string;
      readonly fix?: string;
      readonly topic: string;
      readonly verdict: string;
      readonly required: boolean;
    }[];
  };
  const warnings = findings
    .filter(({ required, verdict }) => required && verdict === "missing")
    .map(({ says, fix }) => `netloom: warning: this host lacks what lab needy needs: ${says} (${fix})\n`);
  expect(netloom("plan", path)).toMatchObject({ code: 0, stderr: warnings.join("") });
  expect(netloom("up", "--dry-run", path).stderr).toBe(warnings.join(""));
  expect(netloom("plan", "-q", path).stderr).toBe("");
});

test("a test of nobody is no success, and says why", () => {
  const path = join(folder, "empty.netloom.yaml");
  writeFileSync(path, "name: empty\nnodes: 2\npods: 0\n");
  const idle = "nothing of lab empty was tested: it has no pods and no hosts outside, and these are who is asked\n";
  const up = netloom("up", path);
  expect(up.code).toBe(0);
  expect(up.stdout).toContain(`\n${idle}`);
  expect(up.stdout).not.toContain("pairs");
  expect(netloom("test", "empty")).toEqual({ code: 5, stdout: "", stderr: `netloom: ${idle}` });
  expect(netloom("test", "empty", "--watch").code).toBe(5);
  writeFileSync(path, "name: empty\npods: 1\naddresses: {ipv4: 172.16.0.0/16/24}\n");
  expect(netloom("up", path).stdout).toContain("all 1 pairs as expected");
  expect(netloom("test", "empty", "--family", "6")).toEqual({
    code: 5,
    stdout: "",
    stderr: "netloom: no pair fits --family 6: nothing was tested\n",
  });
  expect(netloom("down", "empty").code).toBe(0);
});
