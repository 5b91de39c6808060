import { describe, expect, test } from "bun:test";
import { checkCommand, readEnvironment } from "./environment.ts";

const whole = {
  CNI_COMMAND: "ADD",
  CNI_CONTAINERID: "c1",
  CNI_NETNS: "/run/netns/a",
  CNI_IFNAME: "eth0",
  CNI_ARGS: "IP=10.0.0.1",
  CNI_PATH: "/a:/b",
};

test("what is given", () => {
  expect(readEnvironment(whole)).toEqual({
    command: "ADD",
    containerId: "c1",
    netns: "/run/netns/a",
    ifname: "eth0",
    args: "IP=10.0.0.1",
    path: ["/a", "/b"],
    ownNetns: false,
  });
  for (const yes of ["1", "true", "TRUE"])
    expect(readEnvironment({ ...whole, CNI_NETNS_OVERRIDE: yes }).ownNetns).toBe(true);
  for (const no of ["", "0", "yes"]) expect(readEnvironment({ ...whole, CNI_NETNS_OVERRIDE: no }).ownNetns).toBe(false);
});

/** SPEC "Parameters": command × variable. */
describe("what each command needs", () => {
  const needed: Readonly<Record<string, readonly string[]>> = {
    ADD: ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"],
    DEL: ["CNI_CONTAINERID", "CNI_IFNAME"],
    CHECK: ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"],
    STATUS: [],
    GC: [],
    VERSION: [],
  };
  for (const [command, names] of Object.entries(needed)) {
    test(command, () => {
      for (const missing of ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"]) {
        const read = (): unknown => readEnvironment({ ...whole, CNI_COMMAND: command, [missing]: "" });
        if (names.includes(missing)) expect(read).toThrow(`cannot ${command}: ${missing} is not set`);
        else expect(read).not.toThrow();
      }
      const none = (): unknown => readEnvironment({ CNI_COMMAND: command });
      if (names.length > 0) expect(none).toThrow(`cannot ${command}: ${names.join(", ")} are not set`);
      else expect(none).not.toThrow();
      expect(() => readEnvironment({ ...whole, CNI_COMMAND: command, CNI_PATH: "", CNI_ARGS: "" })).not.toThrow();
    });
  }
});

describe("what ends in names of files and rules", () => {
  for (const id of ["-x", "../../etc", "a/b", "a b", "c1\n", ".c", "_c", "ü"])
    test(`refuses container ID ${JSON.stringify(id)}`, () =>
      expect(() => readEnvironment({ ...whole, CNI_CONTAINERID: id })).toThrow(
        `cannot use CNI_CONTAINERID ${JSON.stringify(id)}: it begins with`,
      ));
  for (const id of ["c", "0", "default-c1", "a.b_c-d", "f".repeat(200)])
    test(`takes container ID ${id}`, () =>
      expect(readEnvironment({ ...whole, CNI_CONTAINERID: id }).containerId).toBe(id));

  for (const [name, why] of [
    ["abcdefghijklmnop", "it has 16 bytes, and the kernel takes 15"],
    ["ääääääää", "it has 16 bytes, and the kernel takes 15"],
    [".", "the kernel keeps it for folders"],
    ["..", "the kernel keeps it for folders"],
    ["a/b", "it contains a slash, a colon or white space"],
    ["a:b", "it contains a slash, a colon or white space"],
    ["a b", "it contains a slash, a colon or white space"],
    ["a\u2003b", "it contains a slash, a colon or white space"],
  ] as const)
    test(`refuses interface ${JSON.stringify(name)}`, () =>
      expect(() => readEnvironment({ ...whole, CNI_IFNAME: name })).toThrow(
        `cannot use CNI_IFNAME ${JSON.stringify(name)}: ${why}`,
      ));
  test("takes an interface of 15 bytes", () =>
    expect(readEnvironment({ ...whole, CNI_IFNAME: "abcdefghijklmno" }).ifname).toBe("abcdefghijklmno"));

  test("one that is wrong is told before those that are missing", () => {
    expect(() => readEnvironment({ CNI_COMMAND: "ADD", CNI_IFNAME: "a/b" })).toThrow("cannot use CNI_IFNAME");
  });
});

test("commands are in capitals", () => {
  for (const command of ["ADD", "DEL", "CHECK", "STATUS", "GC", "VERSION"])
    expect(() => checkCommand(command)).not.toThrow();
  for (const command of ["add", "FOO", "constructor"])
    expect(() => checkCommand(command)).toThrow(`unknown CNI_COMMAND "${command}"`);
});
