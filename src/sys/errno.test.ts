import { describe, expect, test } from "bun:test";
import { constants } from "node:os";
import { SysError, errno, errnoName, errnoSentence } from "./errno.ts";
import { openFile } from "./file.ts";

/** Two names for one number: ours is the one that the kernel's headers define by a number. */
const aliases: Readonly<Record<string, string>> = {
  EWOULDBLOCK: "EAGAIN",
  ENOTSUP: "EOPNOTSUPP",
  EDEADLOCK: "EDEADLK",
};

describe("errno", () => {
  test("has the names and numbers of the C library", () => {
    const ours = Object.entries(constants.errno).map(([name, number]) => [name, errnoName(number)]);
    expect(ours).toEqual(ours.map(([name = ""]) => [name, aliases[name] ?? name]));
    expect(ours.length).toBeGreaterThan(70);
  });

  test("finds a number by its name", () => {
    expect([errno("EEXIST"), errno("EHWPOISON")]).toEqual([17, 133]);
    expect(() => errno("ENOSUCH")).toThrow("no errno is called ENOSUCH");
  });

  test("names what it does not know by its number", () => {
    expect([errnoName(4242), errnoSentence(4242)]).toEqual(["errno 4242", "unknown error"]);
  });
});

test("a refused system call says what was being done, what is wrong, and which call it was", () => {
  const open = (): unknown => openFile("/proc/no-such-file", 0);
  expect(open).toThrow(expect.objectContaining({ code: "ENOENT", errno: 2, syscall: "openat" }));
  expect(open).toThrow("/proc/no-such-file: No such file or directory (ENOENT from openat)");
  expect(new SysError("bind", 98, "bind a socket").message).toBe(
    "bind a socket: Address already in use (EADDRINUSE from bind)",
  );
});
