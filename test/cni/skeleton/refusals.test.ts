/** Calls that cannot be obeyed: the reference's cases (golden answers of v1.9.1), ours saying more, and input of every kind of wrong. */
import { describe, expect, test } from "bun:test";
import { type Said, call, errorOf, linkTo } from "./program.ts";

const loopback = linkTo("loopback");
const pod = "/run/netns/pod";
Bun.spawnSync(["ip", "netns", "add", "pod"]);
const whole = {
  CNI_COMMAND: "ADD",
  CNI_CONTAINERID: "c1",
  CNI_NETNS: pod,
  CNI_IFNAME: "lo",
  CNI_PATH: "/no/such/folder",
};
const conf = (more: object = {}): string =>
  JSON.stringify({ cniVersion: "1.0.0", name: "n1", type: "loopback", ...more });
const ask = (env: Record<string, string>, stdin: string | Uint8Array<ArrayBuffer> = conf()): Said =>
  call([loopback], env, stdin);
/** The loopback device of the pod is up: somebody has acted. */
const acted = (): boolean => Bun.spawnSync(["ip", "-n", "pod", "link", "show", "up"]).stdout.length > 0;

describe("the environment", () => {
  const { CNI_COMMAND, CNI_PATH } = whole;
  for (const [what, env, msg] of [
    ["missing variables", { CNI_COMMAND, CNI_PATH }, "cannot ADD: CNI_CONTAINERID, CNI_NETNS, CNI_IFNAME are not set"],
    ["one missing variable", { ...whole, CNI_NETNS: "" }, "cannot ADD: CNI_NETNS is not set"],
    ["an unknown command", { ...whole, CNI_COMMAND: "FOO" }, 'unknown CNI_COMMAND "FOO"'],
    ["a command in small letters", { ...whole, CNI_COMMAND: "add" }, 'unknown CNI_COMMAND "add"'],
    [
      "container ID -x",
      { ...whole, CNI_CONTAINERID: "-x" },
      'cannot use CNI_CONTAINERID "-x": it begins with a letter or a digit',
    ],
    [
      "a container ID that climbs out of its folder",
      { ...whole, CNI_CONTAINERID: "../../../etc/passwd" },
      'cannot use CNI_CONTAINERID "../../../etc/passwd": ',
    ],
    ["a container ID with a newline", { ...whole, CNI_CONTAINERID: "c1\n" }, 'cannot use CNI_CONTAINERID "c1\\n": '],
    [
      "an interface name of 16 bytes",
      { ...whole, CNI_IFNAME: "abcdefghijklmnop" },
      'cannot use CNI_IFNAME "abcdefghijklmnop": it has 16 bytes, and the kernel takes 15',
    ],
    [
      "an interface name with a slash",
      { ...whole, CNI_IFNAME: "a/b" },
      'cannot use CNI_IFNAME "a/b": it contains a slash',
    ],
    [
      "an interface name that is a folder",
      { ...whole, CNI_IFNAME: ".." },
      'cannot use CNI_IFNAME "..": the kernel keeps it for folders',
    ],
  ] as const)
    test(what, () => {
      const error = errorOf(ask(env));
      expect([error["code"], error["msg"]]).toEqual([4, expect.stringContaining(msg)]);
      expect(acted()).toBe(false);
    });

  test("CNI_PATH is missed only by who looks for a delegate", () => {
    const { CNI_PATH: _, ...rest } = whole;
    expect(ask({ ...rest, CNI_COMMAND: "STATUS" }, conf({ cniVersion: "1.1.0" })).code).toBe(0);
  });
});

describe("the configuration", () => {
  for (const [what, stdin, code, msg] of [
    ["none", "", 6, "cannot read the network configuration: it is empty"],
    ["white space", " \n", 6, "cannot read the network configuration: it is empty"],
    ["one that is cut", '{"cniVersion":"1.0.0","na', 6, "cannot read the network configuration: "],
    ["a list", "[]", 6, "cannot read the network configuration: it is no JSON object"],
    ["no name", '{"cniVersion":"1.0.0"}', 7, "invalid network configuration: name is missing"],
    [
      "a name that climbs out of its folder",
      conf({ name: "../n" }),
      7,
      'invalid network configuration: name is "../n"',
    ],
    [
      "a version of the future",
      conf({ cniVersion: "9.9.9" }),
      1,
      'incompatible CNI version "9.9.9" in the network configuration',
    ],
    ["a version that is none", conf({ cniVersion: "1.x" }), 6, 'cannot read version "1.x"'],
    [
      "a previous result that is none",
      conf({ prevResult: { ips: [{ address: "x" }] } }),
      7,
      "invalid network configuration: address cannot be read",
    ],
  ] as const)
    test(what, () => {
      const error = errorOf(ask(whole, stdin));
      expect([error["code"], error["msg"]]).toEqual([code, expect.stringContaining(msg)]);
      expect(acted()).toBe(false);
    });

  test("an error names the configuration's version", () => {
    expect(errorOf(ask(whole, conf({ cniVersion: "0.4.0", name: "" })))["cniVersion"]).toBe("0.4.0");
    expect(errorOf(ask(whole, conf({ cniVersion: "9.9.9" })))["cniVersion"]).toBe("9.9.9");
    expect(errorOf(ask(whole, ""))["cniVersion"]).toBe("1.1.0");
  });

  for (const [command, cniVersion, since] of [
    ["CHECK", "0.3.1", "0.4.0"],
    ["STATUS", "1.0.0", "1.1.0"],
    ["GC", "1.0.0", "1.1.0"],
  ] as const)
    test(`${command} in ${cniVersion}`, () =>
      expect(errorOf(ask({ ...whole, CNI_COMMAND: command }, conf({ cniVersion })))).toEqual({
        cniVersion,
        code: 1,
        msg: `cannot ${command}: CNI ${cniVersion} of the network configuration has no such command`,
        details: `cniVersion: ${command} is there since ${since}`,
      }));
});

describe("garbage on standard input", () => {
  const random = crypto.getRandomValues(new Uint8Array(60_000));
  test("random bytes", () => expect(errorOf(ask(whole, random))["code"]).toBe(6));
  test("NUL bytes", () => expect(errorOf(ask(whole, new Uint8Array(100_000)))["code"]).toBe(6));
  test("brackets 100000 deep", () => expect(errorOf(ask(whole, "[".repeat(100_000)))["code"]).toBe(6));
  test("6 MB of letters: the error stays short", () => {
    const said = ask(whole, "x".repeat(6_000_000));
    expect(errorOf(said)["code"]).toBe(6);
    expect(said.stdout.length).toBeLessThan(600);
  });
  test("10 MB", () => {
    expect(errorOf(ask(whole, conf({ x: "y".repeat(10_000_000) })))).toEqual({
      cniVersion: "1.1.0",
      code: 5,
      msg: "cannot read standard input: it is longer than 8 MiB",
      details: "a CNI plugin is given its network configuration there",
    });
  });
  test("5 MB that are a configuration are read", () => {
    expect(ask({ ...whole, CNI_COMMAND: "DEL" }, conf({ x: "y".repeat(5_000_000) }))).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
  });
  test("a closed one, and a folder", () => {
    const run = (redirection: string): Said => call(["sh", "-c", `${loopback} ${redirection}`], whole, "");
    // Bun gives a process without a standard input /dev/null.
    expect(errorOf(run("<&-"))).toMatchObject({ code: 6, msg: "cannot read the network configuration: it is empty" });
    expect(errorOf(run("</run"))).toMatchObject({
      code: 5,
      msg: "cannot read standard input: Is a directory (EISDIR from read)",
    });
  });
});

describe("standard output", () => {
  const pipe = "/run/skeleton/pipe";
  for (const [what, open] of [
    // The end that is read is closed before anything is written.
    ["that nobody reads", `rm -f ${pipe}; mkfifo ${pipe}; exec 4<>${pipe} 5>${pipe} 4>&-`],
    ["on a full disk", "exec 5>/dev/full"],
  ] as const)
    for (const CNI_COMMAND of ["ADD", "VERSION"])
      test(`${what}: ${CNI_COMMAND} fails in one line, and leaves nothing`, () => {
        const said = call(["bash", "-c", `${open}; ${loopback} >&5`], { ...whole, CNI_COMMAND }, conf());
        expect([said.code, said.stderr]).toEqual([
          1,
          expect.stringMatching(/^loopback: cannot write to standard output: .* \(E[A-Z]+ from write\)\n$/),
        ]);
        expect(acted()).toBe(false);
      });
});

describe("the namespace", () => {
  for (const [what, CNI_NETNS, code, msg] of [
    [
      "one that is not there",
      "/run/netns/zz",
      102,
      "cannot ADD: network namespace /run/netns/zz: there is no such file",
    ],
    ["a file that is none", "/etc/hosts", 102, "cannot ADD: network namespace /etc/hosts: no namespace is behind it"],
    ["a folder", "/run", 102, "cannot ADD: network namespace /run: no namespace is behind it"],
    ["the plugin's own", "/proc/self/ns/net", 8, "cannot ADD: /proc/self/ns/net is the plugin's own network namespace"],
  ] as const)
    test(what, () => {
      const error = errorOf(ask({ ...whole, CNI_NETNS }));
      expect([error["code"], error["msg"]]).toEqual([code, msg]);
      expect(acted()).toBe(false);
    });

  test("a namespace of another kind", () => {
    expect(errorOf(ask({ ...whole, CNI_NETNS: "/proc/self/ns/uts" }))).toMatchObject({
      code: 102,
      msg: expect.stringMatching(/network namespace/),
      details: "CNI_NETNS: it is a namespace of another kind; write the path of a network namespace",
    });
  });

  test("the plugin's own, where it is allowed", () => {
    const own = { ...whole, CNI_NETNS: "/proc/self/ns/net", CNI_NETNS_OVERRIDE: "TRUE" };
    expect(ask(own).code).toBe(0);
    expect(Bun.spawnSync(["ip", "link", "show", "up"]).stdout.toString()).toContain("lo:");
    expect(ask({ ...own, CNI_COMMAND: "DEL" }).code).toBe(0);
  });

  test("DEL does without: empty, gone, a plain file", () => {
    for (const CNI_NETNS of ["", "/run/netns/zz", "/etc/hosts"])
      expect(ask({ ...whole, CNI_COMMAND: "DEL", CNI_NETNS })).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});
