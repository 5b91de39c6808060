/** What the kernel's refusals become: what was being done, its sentence, the errno, the attribute; and their trace. */
import { afterAll, describe, expect, test } from "bun:test";
import type { Op } from "../../src/change/index.ts";
import { OpError, RealKernel } from "../../src/kernel/index.ts";
import { NetlinkError, type Request, setTracer, textTracer } from "../../src/netlink/index.ts";
import { addLink, addRoute, delLink, getLink, listLinks, messageKinds, setLink } from "../../src/rtnl/index.ts";
import { parseIfName, parseIp, parsePrefix } from "../../src/values/index.ts";
import { neighTables } from "../../src/probe/neigh-table.ts";
import { pair, socket } from "./rtnl-witness.ts";

const index = pair("e0");
const dst = parsePrefix("10.99.0.0/16");

const refused: readonly (readonly [request: Request, code: string, message: string])[] = [
  [
    addLink({ kind: "vxlan", name: "e1", data: { id: 5, port: 4789, portRange: [9, 5] } }),
    "EINVAL",
    "add vxlan link e1: Invalid source port range - Invalid argument (EINVAL, attribute linkInfo.data.portRange)",
  ],
  [
    addLink({ kind: "vxlan", name: "e1", data: { id: 0x0100_0000 } }),
    "ERANGE",
    "add vxlan link e1: VXLAN ID must be lower than 16777216 - Numerical result out of range (ERANGE, attribute linkInfo.data.id)",
  ],
  [addLink({ kind: "bridge", name: "e0" }), "EEXIST", "add bridge link e0: File exists (EEXIST)"],
  [setLink({ name: "e9" }, { up: true }), "ENODEV", "set link e9: No such device (ENODEV)"],
  [
    setLink({ index }, { mtu: 60 }),
    "EINVAL",
    `set link ${index}: mtu less than device minimum - Invalid argument (EINVAL)`,
  ],
  [
    addRoute({ dst, gateway: parseIp("203.0.113.9") }),
    "ENETUNREACH",
    "add route 10.99.0.0/16 via 203.0.113.9: Nexthop has invalid gateway - Network is unreachable (ENETUNREACH)",
  ],
];

describe("a request that the kernel refuses", () => {
  test.each(refused)("%#", (request, code, message) => {
    const run = () => socket.run(request);
    expect(run).toThrow(NetlinkError);
    expect(run).toThrow(expect.objectContaining({ code, doing: request.doing, message }));
  });

  test("does not stop the others of its batch", () => {
    const answers = socket.batch([
      addLink({ kind: "bridge", name: "e2" }),
      addLink({ kind: "bridge", name: "e2" }),
      addLink({ kind: "bridge", name: "e3" }),
    ]);
    expect(answers).toEqual([undefined, { errno: 17 }, undefined]);
    for (const name of ["e2", "e3"]) socket.run(delLink({ name }));
  });
});

describe("an op that the kernel refuses", () => {
  const kernel = new RealKernel();
  const netns = "refusing";
  kernel.run([{ do: "netns.create", netns, hostname: netns, owner: "netloom:refusals" }]);
  afterAll(async () => {
    kernel.run([{ do: "netns.delete", netns }]);
    await kernel.settle();
    kernel[Symbol.dispose]();
  });

  const refusal = (op: Op): OpError => {
    try {
      kernel.run([op]);
    } catch (error) {
      if (error instanceof OpError) return error;
      throw error;
    }
    return expect.unreachable("nothing was refused");
  };

  test("says the op as ip writes it, the kernel's sentence and the errno", () => {
    const error = refusal({ do: "route.put", netns, route: { dst, via: parseIp("203.0.113.9") } });
    expect([error.code, error.message]).toEqual([
      "refused",
      "ip -n refusing route replace 10.99.0.0/16 via 203.0.113.9: " +
        "Nexthop has invalid gateway - Network is unreachable (ENETUNREACH)",
    ]);
  });

  test("names the attribute", () => {
    const link = { name: parseIfName("e1"), kind: "vxlan", data: { id: 0x0100_0000 } } as const;
    expect(refusal({ do: "link.add", netns, link }).message).toEndWith(
      ": VXLAN ID must be lower than 16777216 - Numerical result out of range (ERANGE, attribute linkInfo.data.id)",
    );
  });
});

test("an op for which descriptors are lacking says so, and what is done, though reading why takes one", () => {
  const room = new URL("../../src/kernel/index.ts", import.meta.url).pathname;
  const source = `
    import { RealKernel } from ${JSON.stringify(room)};
    const kernel = new RealKernel();
    const name = (i) => "many-" + i;
    const ops = Array.from({ length: 100 }, (_, i) => ({ do: "netns.create", netns: name(i), hostname: name(i), owner: "netloom:many" }));
    try {
      kernel.run(ops);
    } catch ({ name, message, done }) {
      console.log(JSON.stringify({ name, message, done: done.length }));
      kernel.run(done.map((i) => ({ do: "netns.delete", netns: ops[i].netns })));
    }`;
  const run = Bun.spawnSync(["sh", "-c", `ulimit -n 60; exec "$0" -e "$1"`, process.execPath, source]);
  const { name, message, done } = JSON.parse(run.stdout.toString()) as {
    readonly name: string;
    readonly message: string;
    readonly done: number;
  };
  expect(name).toBe("OpError");
  expect(message).toMatch(new RegExp(`^ip netns add many-${done} .*: Too many open files \\(EMFILE`));
  expect(done).toBeGreaterThan(20);
});

describe("a trace", () => {
  const traced = (body: () => void): string => {
    let text = "";
    setTracer(textTracer(messageKinds, (more) => (text += more)));
    try {
      body();
    } finally {
      setTracer(undefined);
    }
    return text;
  };

  test("shows a request's data, nested and named, and the refusal with its place", () => {
    const request = addLink({ kind: "vxlan", name: "e1", data: { id: 5, port: 4789, portRange: [9, 5] } });
    const text = traced(() => expect(socket.batch([request]).length).toBe(1)).replaceAll(/sequence \d+/g, "sequence N");
    expect(`\n${text}`).toBe(`
> add vxlan link e1
    0  54 00 00 00 10 00 05 06 …  newlink length 84 flags REQUEST|ACK|EXCL|CREATE sequence N
   16  00 00 00 00 00 00 00 00 …  header {family 0, pad 0, type 0, index 0, flags 0, change 0}
   32  07 00 03 00 65 31 00       name "e1"
   40  2c 00 12 80 0a 00 01 00 …  linkInfo nested
   44  0a 00 01 00 76 78 6c 61 …    kind "vxlan"
   56  1c 00 02 80 08 00 01 00 …    data nested
   60  08 00 01 00 05 00 00 00        id 5
   68  06 00 0f 00 12 b5              port 4789
   76  08 00 0a 00 00 09 00 05        portRange [9, 5]
< sequence N: refused: Invalid source port range - Invalid argument (EINVAL, attribute linkInfo.data.portRange)
`);
  });

  test("names every message and attribute of what is read here", () => {
    const text = traced(() => {
      socket.ask(getLink({ index }));
      socket.dump(listLinks());
      neighTables(socket);
    });
    expect(text).toContain("getlink length");
    expect(text).toContain("newneightbl length");
    expect(text).toContain('name "e0"');
    expect(text).not.toMatch(/ message \d|malformed/);
  });
});
