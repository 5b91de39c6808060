/** Namespaces on the kernel; the witness is `ip netns`. */
import { afterEach, describe, expect, test } from "bun:test";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Op } from "../../src/change/index.ts";
import { RealKernel } from "../../src/kernel/index.ts";
import {
  NetnsError,
  createNetns,
  deleteNetns,
  listNetns,
  openNetns,
  pinState,
  tryOpenNetns,
  tryOpenUts,
} from "../../src/netns/index.ts";
import { inside } from "../../src/sys/index.ts";
import { parseIfName } from "../../src/values/index.ts";
import { eventually } from "../eventually.ts";
import { errorOf, ip, mounts, names, own, ran, within } from "./netns-commands.ts";

const here = import.meta.dir;
const owner = "netloom:nln";
const descriptors = (): number => readdirSync("/proc/self/fd").length;

/** A veth pair with both ends up, and a namespace for each. */
function twoPods(kernel: RealKernel): void {
  const end = (name: string) => ({ name: parseIfName(name), kind: "veth" as const });
  const ops: Op[] = ["nln-a", "nln-b"].map((netns) => ({ do: "netns.create", netns, owner, hostname: netns }));
  const peer = { netns: "nln-b", name: parseIfName("eth0") };
  ops.push({ do: "link.add", netns: "nln-a", link: { ...end("eth0"), peer, up: true }, peer: end("eth0") });
  ops.push({ do: "link.set", netns: "nln-b", name: parseIfName("eth0"), set: { up: true }, was: {} });
  kernel.run(ops);
}

afterEach(() => {
  for (const name of listNetns()) deleteNetns(name);
});

test("a name is that of a file in the folder, and nothing else", () => {
  writeFileSync("/run/kept", "");
  for (const name of ["../kept", "..", ".", ""]) {
    for (const use of [pinState, tryOpenNetns, openNetns, tryOpenUts, deleteNetns])
      expect(errorOf(() => use(name))).toMatchObject({ name: "NetnsError", code: "bad-name", netns: name });
    expect(errorOf(() => createNetns(names(name)))).toMatchObject({ code: "bad-name" });
  }
  expect(readFileSync("/run/kept", "utf8")).toBe("");
});

describe("with ip netns", () => {
  test("ours are listed, entered and deleted", () => {
    createNetns(names("nln-a", "nln-b"));
    expect(ip("netns", "list").split("\n").sort()).toEqual(["nln-a", "nln-b"]);
    expect(ip("netns", "exec", "nln-a", "readlink", "/proc/self/ns/net")).not.toBe(own("net"));
    ip("netns", "del", "nln-a");
    expect(listNetns()).toEqual(["nln-b"]);
    expect(pinState("nln-a")).toBe("free");
  });

  test("a name that ip netns deleted can be made again, with its UTS twin", () => {
    createNetns(names("nln-a"));
    ip("netns", "del", "nln-a");
    createNetns([{ name: "nln-a", hostname: "second" }]);
    expect(within("nln-a", "hostname").stdout).toBe("second");
  });

  test("its namespaces are opened, run in and deleted", () => {
    ip("netns", "add", "nln-ip");
    using fd = openNetns("nln-ip");
    expect(inside(fd, () => own("net"))).toBe(ip("netns", "exec", "nln-ip", "readlink", "/proc/self/ns/net"));
    expect(tryOpenUts("nln-ip")).toBeUndefined();
    expect(within("nln-ip", "hostname")).toMatchObject({ code: 0, stdout: hostname() });
    deleteNetns("nln-ip");
    expect(ip("netns", "list")).toBe("");
    expect(readdirSync("/run/netns")).toEqual([]);
  });

  test("its names are not taken", () => {
    ip("netns", "add", "nln-ip");
    const id = ip("netns", "exec", "nln-ip", "readlink", "/proc/self/ns/net");
    const error = errorOf(() => createNetns(names("nln-first", "nln-ip", "nln-last")));
    expect(error).toBeInstanceOf(NetnsError);
    expect(error).toMatchObject({ code: "exists", netns: "nln-ip" });
    expect((error as Error).message).toContain("/run/netns/nln-ip exists already; it was left untouched");
    expect(ip("netns", "exec", "nln-ip", "readlink", "/proc/self/ns/net")).toBe(id);
    expect(readdirSync("/run/utsns")).toEqual(["nln-first"]);
    expect(listNetns().toSorted()).toEqual(["nln-first", "nln-ip"]);
  });
});

describe("a name without a namespace", () => {
  test("is missing, and the error says where to look", () => {
    expect(pinState("nln-none")).toBe("free");
    expect(tryOpenNetns("nln-none")).toBeUndefined();
    const error = errorOf(() => openNetns("nln-none"));
    expect(error).toMatchObject({ name: "NetnsError", code: "missing", netns: "nln-none" });
    expect((error as Error).message).toContain("ip netns");
    expect(within("nln-none", "true")).toMatchObject({ code: 70, stdout: "" });
    deleteNetns("nln-none");
  });

  test("is a plain file: hollow, left as it is", () => {
    createNetns(names("nln-a"));
    writeFileSync("/run/netns/nln-hollow", "mine\n");
    expect(pinState("nln-hollow")).toBe("hollow");
    expect(tryOpenNetns("nln-hollow")).toBeUndefined();
    expect(errorOf(() => openNetns("nln-hollow"))).toMatchObject({ code: "hollow" });
    expect(errorOf(() => createNetns(names("nln-hollow")))).toMatchObject({ code: "exists" });
    expect(within("nln-hollow", "true").stderr).toContain("is a plain file");
    expect(readFileSync("/run/netns/nln-hollow", "utf8")).toBe("mine\n");
    using kernel = new RealKernel();
    expect([...kernel.facts({ namespaces: ["nln-hollow"] }).keys()]).toEqual([]);
    expect([...kernel.owners(["nln-hollow", "nln-none"]).keys()]).toEqual([]);
  });

  test("a failure in the middle takes back its own namespace only", () => {
    const setUp = ({ name }: { readonly name: string }): void => {
      if (name === "nln-b") throw new Error("no");
    };
    expect(() => createNetns(names("nln-a", "nln-b", "nln-c"), setUp)).toThrow("no");
    expect(readdirSync("/run/netns")).toEqual(["nln-a"]);
    expect(readdirSync("/run/utsns")).toEqual(["nln-a"]);
  });
});

describe("deletion", () => {
  test("waits until links are gone", async () => {
    using kernel = new RealKernel();
    for (let i = 0; i < 5; i++) {
      twoPods(kernel);
      kernel.run([{ do: "netns.delete", netns: "nln-a" }]);
      await kernel.settle();
      expect(JSON.parse(ip("-n", "nln-b", "-j", "link")) as unknown[]).toHaveLength(1);
      kernel.run([{ do: "netns.delete", netns: "nln-b" }]);
    }
    await kernel.settle();
  });

  test("does not wait for ever for a process inside", async () => {
    using kernel = new RealKernel();
    twoPods(kernel);
    const child = Bun.spawn(["ip", "netns", "exec", "nln-a", "sleep", "60"]);
    await eventually("it is inside", () => ip("netns", "pids", "nln-a").includes(`${child.pid}`));
    kernel.run([{ do: "netns.delete", netns: "nln-a" }]);
    await kernel.settle();
    // The wait ended although the process still has the namespace.
    expect(child.exitCode).toBeNull();
    child.kill();
    await child.exited;
  });

  test("takes away mounts that lie over each other", () => {
    createNetns(names("nln-a"));
    ran(["mount", "--bind", "/proc/self/ns/net", "/run/netns/nln-a"]);
    deleteNetns("nln-a");
    expect(mounts()).not.toContain("nln-a");
    expect(readdirSync("/run/netns")).toEqual([]);
  });
});

test("no descriptor is left over 50 rounds", async () => {
  const round = async (kernel: RealKernel): Promise<void> => {
    twoPods(kernel);
    const sysctls = () => ["net.ipv4.ip_forward"];
    expect(kernel.facts({ namespaces: ["nln-a", "nln-b"], sysctls }).size).toBe(2);
    kernel.owners(["nln-a", "nln-b", "nln-none"]);
    expect(() => kernel.run([{ do: "netns.create", netns: "nln-a", owner, hostname: "a" }])).toThrow("exists");
    kernel.run(["nln-a", "nln-b"].map((netns) => ({ do: "netns.delete", netns })));
    await kernel.settle();
  };
  {
    using kernel = new RealKernel();
    await round(kernel);
  }
  const before = descriptors();
  for (let i = 0; i < 25; i++) {
    using kernel = new RealKernel();
    await round(kernel);
  }
  expect(descriptors()).toBe(before);
  using kernel = new RealKernel();
  for (let i = 0; i < 25; i++) await round(kernel);
  expect(descriptors()).toBe(before);
});

describe("inside", () => {
  test("works there, with the UTS twin, and comes home", () => {
    createNetns(names("nln-a"));
    const home = [own("net"), own("uts"), hostname()];
    using net = openNetns("nln-a");
    using uts = tryOpenUts("nln-a");
    const there = inside(net, () => [own("net"), own("uts"), hostname()], uts);
    expect(there).toEqual([
      expect.not.stringContaining(home[0] ?? ""),
      expect.not.stringContaining(home[1] ?? ""),
      "nln-a-host",
    ]);
    expect([own("net"), own("uts"), hostname()]).toEqual(home);
  });

  test("refuses one within another, whose way back would lead home", () => {
    createNetns(names("nln-a", "nln-b"));
    const home = own("net");
    using a = openNetns("nln-a");
    using b = openNetns("nln-b");
    expect(() => inside(a, () => inside(b, () => own("net")))).toThrow("inside() within inside()");
    expect(own("net")).toBe(home);
  });

  test("comes home after a throw", () => {
    createNetns(names("nln-a"));
    const home = own("net");
    using net = openNetns("nln-a");
    expect(() =>
      inside(net, () => {
        throw new Error("in the middle");
      }),
    ).toThrow("in the middle");
    expect(own("net")).toBe(home);
  });

  test("refuses a body that returns a promise", () => {
    createNetns(names("nln-a"));
    const home = own("net");
    using net = openNetns("nln-a");
    // @ts-expect-error: its type refuses it already
    expect(() => inside(net, () => Promise.resolve(1))).toThrow("must be synchronous");
    expect(own("net")).toBe(home);
  });

  test("ends the process when the way home is lost", () => {
    const run = ran([process.execPath, join(here, "_lost.ts")]);
    expect(run).toMatchObject({ code: 70, stdout: "" });
    expect(run.stderr).toBe("netloom: could not return from a network namespace; stopping at once");
  });

  test("file calls of the runtime's own threads stay at home", async () => {
    createNetns(names("nln-a"));
    using net = openNetns("nln-a");
    const text = (): Promise<string[]> =>
      Promise.all(
        Array.from({ length: 16 }, async () =>
          (await Bun.file("/proc/thread-self/net/dev").text()).replaceAll(/\d+/g, ""),
        ),
      );
    const before = await text();
    inside(net, () => Bun.gc(true));
    ip("link", "add", "nln-mark", "type", "veth", "peer", "name", "nln-mark2");
    try {
      for (const seen of await text()) expect(seen).toContain("nln-mark");
    } finally {
      ip("link", "del", "nln-mark");
    }
    expect(before).toHaveLength(16);
  });
});
