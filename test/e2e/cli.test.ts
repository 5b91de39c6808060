/** The life of a lab on the command line: what is printed, where, and with which exit code. */
import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { listing, netloom } from "./sandbox.ts";

const folder = mkdtempSync(join(tmpdir(), "netloom-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

function labFile(name: string, pods: number): string {
  const path = join(folder, `${name}.netloom.yaml`);
  writeFileSync(
    path,
    `name: ${name}\nnodes: 2\npods: ${pods}\nnetwork:\n  join: routes\nunderlay:\n  prefixes: [10.9.0.0/24, fd00:9::/64]\n`,
  );
  return path;
}
const file = labFile("demo", 2);

describe("one lab from up to down", () => {
  const empty = listing();

  test("validate and plan change nothing", () => {
    expect(netloom("validate", file)).toMatchObject({ code: 0, stdout: "" });
    const plan = netloom("plan", file);
    expect(plan.code).toBe(0);
    expect(plan.stdout).toMatch(/\n {4}\d+ to create, 0 to change, 0 to delete\n$/);
    expect(netloom("plan", file, "--exit-code", "-q")).toEqual({ code: 3, stdout: "", stderr: "" });
    expect(netloom("plan", file, "--ops").stdout).toContain("ip netns add demo-vm-001-ns01");
    expect(JSON.parse(netloom("plan", file, "-o", "json").stdout)).toMatchObject({ schemaVersion: 1, change: 0 });
    expect(netloom("up", file, "--dry-run").stdout).toBe(plan.stdout);
    const asJson = netloom("plan", file, "-o", "json").stdout;
    expect(netloom("up", file, "--dry-run", "-o", "json").stdout).toBe(asJson);
    expect(parse(netloom("up", file, "--dry-run", "-o", "yaml").stdout)).toEqual(JSON.parse(asJson));
    expect(listing()).toEqual(empty);
  });

  test("up tells members, MTU, matrix and time, without a colour or a bar", () => {
    const up = netloom("up", "-f", file);
    expect(up.code).toBe(0);
    expect(up.stderr).toMatch(/^lab demo is up: \d+ changes\n$/);
    expect(up.stdout).toMatch(/^vm-002 +node +up +172\.16\.2\.0\/24 1000::1:ac10:200\/120 +1500$/m);
    expect(up.stdout).toMatch(/^vm-002-ns02 +pod +up +172\.16\.2\.2\/24 1000::1:ac10:202\/120 +1500$/m);
    expect(up.stdout).toContain("MTU: 1500 bytes (");
    expect(up.stdout).toMatch(/all \d+ pairs as expected/);
    expect(up.stdout).toContain("(packets of 1500 bytes, the full MTU)\n");
    expect(up.stdout).toMatch(/\d+\.\d\d s in all\n$/);
    expect(up.stdout + up.stderr).not.toContain("\u001b");
  });

  test("quietly it prints the members, and only of a failed test the matrix", () => {
    const quiet = netloom("up", "-q", file);
    expect(quiet).toEqual({ code: 0, stdout: netloom("inspect", "demo").stdout, stderr: "" });
    expect(JSON.parse(netloom("up", "-q", file, "-o", "json").stdout).members).toEqual(
      JSON.parse(netloom("inspect", "demo", "-o", "json").stdout).members,
    );
    const wall = join(folder, "walled.netloom.yaml");
    writeFileSync(wall, readFileSync(file, "utf8") + "expect:\n  - {from: vm-001, to: vm-002-*, reach: no}\n");
    const failed = netloom("up", "-q", wall);
    expect([failed.code, failed.stderr]).toEqual([4, ""]);
    expect(failed.stdout).toContain("reaches, and must not");
    expect(netloom("up", "-q", "--no-test", file).code).toBe(0);
  });

  test("ls tells where the file is, wherever that is asked", () => {
    const lsIn = (cwd: string, ...args: readonly string[]) =>
      Bun.spawnSync([join(import.meta.dir, "../../bin/netloom"), "ls", ...args], { cwd }).stdout.toString();
    const up = Bun.spawnSync([join(import.meta.dir, "../../bin/netloom"), "up", "-q", "--no-test", basename(file)], {
      cwd: folder,
    });
    expect(up.exitCode).toBe(0);
    expect(lsIn(folder)).toMatch(/^demo .* demo\.netloom\.yaml /m);
    expect(lsIn("/")).toContain(file.slice(1));
    expect(JSON.parse(lsIn("/", "-o", "json")).labs[0].files).toEqual([file]);
  });

  test("on a terminal it says how far it is, and wipes that out", () => {
    expect(netloom("down", "demo").code).toBe(0);
    const line = `bin/netloom up --no-test ${file} 2>&1`;
    const run = Bun.spawnSync(["script", "-qec", line, "/dev/null"], {
      stdin: "ignore",
      cwd: join(import.meta.dir, "../.."),
    });
    const said = run.stdout.toString();
    expect(run.exitCode).toBe(0);
    expect(said).toContain("reading what is there of demo");
    expect(said).toMatch(/bringing up demo .* 0\/\d+/);
    // The line is empty again when the first sentence for people comes.
    expect(said).toContain("\r\u001b[2Klab demo is up: ");
  });

  test("a second up finds nothing to do", () => {
    const up = netloom("up", file, "-o", "json", "--no-test");
    expect(JSON.parse(up.stdout)).toMatchObject({ created: false, changes: 0, name: "demo" });
    expect(netloom("up", file, "--no-test").stderr).toBe("lab demo is as it should be: nothing to do\n");
    expect(netloom("plan", file, "--exit-code", "-q").code).toBe(0);
  });

  test("a changed file is a difference, and only that is done", () => {
    labFile("demo", 3);
    const before = inode("demo-vm-001-ns01");
    const up = netloom("up", file, "--no-test");
    expect(up.code).toBe(0);
    expect(up.stderr).toContain("+ namespace demo-vm-001-ns03");
    expect(up.stderr).toMatch(/to create, \d+ to change, 0 to delete\n$/);
    expect(inode("demo-vm-001-ns01")).toBe(before);
    labFile("demo", 2);
    const less = netloom("up", file, "--no-test");
    // The other end of what goes is named, too.
    expect(less.stderr).toContain("- namespace demo-vm-001-ns03\n");
    expect(less.stderr).toContain("    namespace demo-vm-001\n  -   veth vm-001-ns03 to demo-vm-001-ns03/eth0\n");
    expect(listing()).not.toContain("/run/netns/demo-vm-001-ns03");
  });

  test("ls and inspect print every format", () => {
    expect(netloom("ls", "-o", "name").stdout).toBe("demo\n");
    expect(JSON.parse(netloom("ls", "-o", "json").stdout)).toMatchObject({
      schemaVersion: 1,
      labs: [{ name: "demo", state: "up", nodes: 2, pods: 4, files: [file] }],
    });
    expect(parse(netloom("inspect", "-o", "yaml").stdout)).toMatchObject({ schemaVersion: 1, name: "demo" });
    const { members } = JSON.parse(netloom("inspect", "demo", "-o", "json").stdout);
    expect(members).toHaveLength(6);
    expect(members[1]).toMatchObject({
      name: "vm-001-ns01",
      ifname: "eth0",
      addresses: ["172.16.1.1/24", "1000::1:ac10:101/120"],
    });
    const [head, ...rows] = netloom("inspect", "-o", "csv").stdout.trimEnd().split(/\r?\n/);
    expect(head?.split(",")).toEqual(expect.arrayContaining(["name", "state", "netns"]));
    expect(rows).toHaveLength(6);
    expect(netloom("inspect", "-o", "wide").stdout).toContain("demo-vm-001-ns01");
    expect(netloom("inspect", "-o", "name").stdout.split("\n")).toContain("vm-002-ns01");
  });

  test("a running lab's name is no file, and --lab is the lab as it was brought up", () => {
    expect(netloom("plan", "demo")).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "netloom: demo is no file; lab demo is up\n  -f FILE is for its file, --lab demo for the lab as it was last brought up\n",
    });
    expect(netloom("plan", "--lab", "demo", "--exit-code", "-q")).toEqual({ code: 0, stdout: "", stderr: "" });
    Bun.spawnSync(["ip", "-n", "demo-vm-001", "link", "set", "br0", "down"]);
    expect(netloom("inspect", "demo", "-o", "json").stdout).toContain("br0 is down");
    expect(netloom("plan", "--lab", "demo", "--exit-code", "-q").code).toBe(3);
    expect(netloom("up", "--lab", "demo").code).toBe(0);
    expect(JSON.parse(netloom("ls", "-o", "json").stdout)).toMatchObject({ labs: [{ files: [file] }] });
    for (const command of ["up", "plan", "validate", "doctor"])
      expect(netloom(command, "--lab", "nobody")).toEqual({
        code: 7,
        stdout: "",
        stderr: "netloom: there is no lab called nobody (running: demo)\n",
      });
  });

  test("completion knows what is up", () => {
    const complete = (...words: readonly string[]) =>
      netloom("__complete", "--", ...words)
        .stdout.trim()
        .split("\n");
    expect(complete("exec", "vm-002-ns02")).toEqual(["vm-002-ns02"]);
    expect(complete("exec", "demo/vm-001-")).toEqual(["demo/vm-001-ns01", "demo/vm-001-ns02"]);
    expect(complete("inspect", "--lab=d")).toEqual(["--lab=demo"]);
    expect(complete("down", "")).toEqual(["demo"]);
  });

  test("test judges expectations, sizes and filters", () => {
    expect(netloom("test", "--mtu", "auto", "--family", "4").code).toBe(0);
    const wall = netloom("test", "demo", "--expect", "vm-001-*:vm-002-*=no");
    expect(wall.code).toBe(4);
    expect(wall.stdout).toContain("reaches, and must not");
    expect(netloom("test", "--only", "vm-001-ns01", "-o", "junit").stdout).toStartWith("<?xml");
    expect(JSON.parse(netloom("test", "-o", "json").stdout)).toMatchObject({
      schemaVersion: 1,
      summary: { failed: 0 },
    });
    expect(netloom("test", "--expect", "vm-001-ns1:*=no")).toEqual({
      code: 5,
      stdout: "",
      stderr:
        'netloom: --expect vm-001-ns1:*=no: no node, pod or external is named "vm-001-ns1" (did you mean "vm-001-ns01"?)\n',
    });
    expect(netloom("test", "--only", "nobody")).toMatchObject({
      code: 5,
      stdout: "",
      stderr: "netloom: no pair fits --only nobody: nothing was tested\n",
    });
  });

  test("graph draws in every format", () => {
    expect(netloom("graph").stdout).toContain("demo: 2 nodes, 4 pods");
    expect(netloom("graph", "demo", "--format", "svg").stdout).toContain("<svg");
    expect(netloom("graph", "-o", "mermaid").stdout).toMatch(/^(---|flowchart|graph)/);
    expect(netloom("graph", "-o", "dot").stdout).toMatch(/^(di)?graph/m);
    expect(JSON.parse(netloom("graph", "-o", "json").stdout)).toMatchObject({ schemaVersion: 1, name: "demo" });
    const path = join(folder, "demo.svg");
    expect(netloom("graph", "-o", "svg", "--out", path)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(path, "utf8")).toContain("</svg>");
    // A file's name says what it shall hold, where nothing else does.
    for (const [ending, begin] of [
      ["SVG", "<svg"],
      ["mmd", "flowchart"],
      ["gv", "graph"],
      ["json", "{"],
      ["txt", "demo: 2 nodes"],
    ] as const) {
      expect(netloom("graph", "--out", `${path}.${ending}`).code).toBe(0);
      expect(readFileSync(`${path}.${ending}`, "utf8")).toStartWith(begin);
    }
    expect(netloom("graph", "--out", path, "-o", "dot").code).toBe(0);
    expect(readFileSync(path, "utf8")).toStartWith("graph");
    const [nowhere, beneath] = [join(folder, "no/such/demo.svg"), join(path, "x.svg")];
    for (const [out, why] of [
      [nowhere, "No such file or directory (ENOENT"],
      [beneath, "Not a directory (ENOTDIR"],
      [folder, "Is a directory (EISDIR"],
    ] as const) {
      const { code, stderr } = netloom("graph", "-o", "svg", "--out", out);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`netloom: open ${out}: ${why}`) });
    }
    expect(existsSync(join(folder, "no"))).toBe(false);
  });

  test("down works by name, without the file, and leaves nothing", () => {
    rmSync(file);
    const down = netloom("down", "demo");
    expect(down.code).toBe(0);
    expect(down.stderr).toMatch(/^lab demo is down: 7 namespaces deleted in \d/);
    expect(listing()).toEqual(empty);
    expect(netloom("down", "demo")).toEqual({
      code: 7,
      stdout: "",
      stderr: "netloom: there is no lab called demo (none is running)\n",
    });
  });
});

test("init writes a lab that comes up, once", () => {
  const place = join(folder, "starter");
  mkdirSync(place);
  expect(netloom("init", place).code).toBe(0);
  const path = join(place, "starter.netloom.yaml");
  expect(readFileSync(path, "utf8")).toStartWith("# yaml-language-server: $schema=./netloom.schema.json\n");
  expect(netloom("up", "-q", place).code).toBe(0);
  expect(netloom("down", "-f", place).code).toBe(0);
  expect(netloom("init", place)).toMatchObject({ code: 2, stderr: expect.stringContaining("is there already") });
  expect(netloom("init", join(path, "x"))).toEqual({
    code: 1,
    stdout: "",
    stderr: `netloom: make folder ${join(path, "x")}: Not a directory (ENOTDIR from mkdirat)\n`,
  });
});

test("an expectation about nobody is no error, and is said wherever it counts", () => {
  const path = join(folder, "wall.netloom.yaml");
  writeFileSync(path, "name: wall\nnodes: 1\npods: 2\nexpect:\n  - {from: vm-001-ns1, to: '*', reach: no}\n");
  const warning = (place: string): string =>
    `netloom: warning: ${place}expect[0].from: no node, pod or external is named "vm-001-ns1" (did you mean "vm-001-ns01"?)\n`;
  expect(netloom("validate", path)).toEqual({
    code: 0,
    stdout: "",
    stderr: `${warning(`${path}:5:12: `)}${path}: lab wall is valid: 1 node, 2 pods, 3 namespaces\n`,
  });
  const up = netloom("up", path);
  expect([up.code, up.stderr.startsWith(warning(`${path}:5:12: `))]).toEqual([0, true]);
  // A lab that is found by its name has no places.
  const test = netloom("test", "wall");
  expect([test.code, test.stderr]).toEqual([0, warning("")]);
  expect(netloom("test", "-q", "wall").stderr).toBe("");
  expect(netloom("down", "wall").code).toBe(0);
});

test("several labs are listed, named and taken down together", () => {
  const [one, two] = [labFile("one", 1), labFile("two", 1)];
  for (const path of [one, two]) expect(netloom("up", "-q", "--no-test", path).code).toBe(0);
  const which = netloom("inspect");
  expect(which).toMatchObject({ code: 2, stdout: "" });
  expect(which.stderr).toStartWith("netloom: several labs are there: one, two\n");
  expect(netloom("inspect", "two").code).toBe(0);
  expect(netloom("inspect", "--lab", "one").code).toBe(0);
  expect(netloom("down", "--all", "--dry-run").stdout).toBe("lab one\nlab two\n");
  expect(netloom("down", "one", "two").code).toBe(0);
});

function inode(netns: string): string {
  return Bun.spawnSync(["stat", "-Lc", "%i", `/run/netns/${netns}`]).stdout.toString();
}
