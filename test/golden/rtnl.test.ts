import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { AnyMessageKind, Request } from "../../src/netlink/index.ts";
import { addLink, kinds, messageKinds, readEvent } from "../../src/rtnl/index.ts";
import { readFilter } from "../../src/rtnl/filter.ts";
import { readQdisc } from "../../src/rtnl/qdisc.ts";
import { readLookup } from "../../src/rtnl/route-fact.ts";
import { Bytes, WireError, Writer, attrs, decode, explainAttrs, pathAt, u32 } from "../../src/wire/index.ts";
import { canonical } from "./rtnl/canonical.ts";
import { expected as expectedRequests } from "./rtnl/expected.ts";
import { facts as expectedFacts } from "./rtnl/facts.ts";
import { bridgeVlans, requests } from "./rtnl/requests.ts";

const HEADER = 16;
/** NLM_F_REQUEST and NLM_F_ACK, which sending adds. */
const SENT = 0x5;

interface Row {
  readonly command: string;
  readonly hex: string;
}

interface Message {
  readonly command: string;
  readonly kind: AnyMessageKind;
  readonly flags: number;
  readonly bytes: Uint8Array;
  /** Where the attributes begin. */
  readonly from: number;
  readonly header: unknown;
  readonly attrs: unknown;
}

async function load(name: string): Promise<readonly Message[]> {
  const rows = (await Bun.file(new URL(`./rtnl/${name}.json`, import.meta.url)).json()) as readonly Row[];
  return rows.map(({ command, hex }) => {
    const bytes = Uint8Array.fromHex(hex);
    const view = new Bytes(bytes);
    const kind = messageKinds.get(view.u16(4));
    if (kind === undefined) throw new Error(`${command}: no message kind ${view.u16(4)}`);
    const end = HEADER + kind.header.size;
    const from = (end + 3) & ~3;
    const header: unknown = kind.header.get(view, HEADER, end);
    return { command, kind, flags: view.u16(6), bytes, from, header, attrs: kind.attrs.get(view, from, bytes.length) };
  });
}

function encoded({ kind, header, attrs: values }: Request): { readonly header: string; readonly attrs: Uint8Array } {
  const writer = new Writer();
  kind.header.put(writer, header);
  writer.align4();
  const head = writer.finish();
  writer.truncate();
  kind.attrs.put(writer, values);
  return { header: head.toHex(), attrs: writer.finish() };
}

const vlanRows = (await Bun.file(new URL("./rtnl/bridge-vlan.json", import.meta.url)).json()) as readonly Row[];

const names = ["link", "addr", "route", "rule", "neigh", "fdb", "qdisc", "filter", "nsid"] as const;
const captured = await Promise.all(names.map(async (name) => ({ name, messages: await load(name) })));

for (const { name, messages } of captured) {
  describe(`requests: ${name}`, () => {
    const built = requests[name];
    const expected = expectedRequests[name];
    test("every capture has its expectation and its builder", () => {
      expect([expected.length, built.length]).toEqual([messages.length, messages.length]);
    });

    messages.forEach((message, index) => {
      test(`${message.command}: decodes`, () => {
        const said: unknown = { message: message.kind.name, header: message.header, attrs: message.attrs };
        expect(said).toEqual(expected[index]);
      });

      test(`${message.command}: decoded and encoded again, it is the same`, () => {
        const again = encoded({ ...message, flags: 0, doing: "" });
        expect(again.header).toBe(message.bytes.slice(HEADER, message.from).toHex());
        expect(canonical(message.kind.attrs, again.attrs)).toEqual(
          canonical(message.kind.attrs, message.bytes.slice(message.from)),
        );
      });

      // ip names the kind of the port, "bridge_slave", where we name that of its master, as the kernel does when it
      // answers; the kernel looks at neither (rtnl_changelink of net/core/rtnetlink.c).
      if (message.command.includes("bridge_slave")) return;
      test(`${message.command}: we ask the same`, () => {
        const request = (built[index] as () => Request)();
        const ours = encoded(request);
        expect([request.kind.name, request.flags, ours.header]).toEqual([
          message.kind.name,
          message.flags & ~SENT,
          message.bytes.slice(HEADER, message.from).toHex(),
        ]);
        expect(canonical(request.kind.attrs, ours.attrs)).toEqual(
          canonical(message.kind.attrs, message.bytes.slice(message.from)),
        );
      });
    });
  });
}

test("a bridge's port has the options that ip writes", () => {
  const { messages = [] } = captured[0] ?? {};
  const index = messages.findIndex(({ command }) => command.includes("bridge_slave"));
  const message = messages[index];
  const request = requests.link[index]?.();
  if (message === undefined || request === undefined) throw new Error("the capture is missing");
  const theirs = (message.attrs as { linkInfo: { slaveData: Uint8Array } }).linkInfo.slaveData;
  const ours = request.attrs as { linkInfo: { slaveData: never } };
  const writer = new Writer();
  kinds.bridge.port.put(writer, ours.linkInfo.slaveData);
  expect(canonical(kinds.bridge.port, writer.finish())).toEqual(canonical(kinds.bridge.port, theirs));
});

describe("requests: bridge-vlan", () => {
  vlanRows.forEach(({ command, hex }, index) => {
    test(`${command}: we ask the same, in the same order`, () => {
      const request = (bridgeVlans[index] as () => Request)();
      const ours = encoded(request);
      const nested = Uint8Array.fromHex(ours.header + ours.attrs.toHex());
      // NLA_F_NESTED of IFLA_AF_SPEC, which iproute2 6.1 does not set.
      nested[request.kind.header.size + 3] = 0;
      expect([request.kind.type, request.flags, nested.toHex()]).toEqual([
        new Bytes(Uint8Array.fromHex(hex)).u16(4),
        new Bytes(Uint8Array.fromHex(hex)).u16(6) & ~SENT,
        hex.slice(HEADER * 2),
      ]);
    });
  });
});

const answers = ["link", "addr", "route", "rule", "neigh", "qdisc", "filter"] as const;
const answered = await Promise.all(answers.map(async (name) => ({ name, messages: await load(`answer-${name}`) })));

for (const { name, messages } of answered) {
  describe(`answers: ${name}`, () => {
    messages.forEach((message, index) => {
      const { kind, header, attrs: values, command } = message;
      test(`${command}: is this fact`, () => {
        const fact =
          name === "qdisc"
            ? readQdisc(header as never, values as never)
            : name === "filter"
              ? readFilter(header as never, values as never)
              : command.startsWith("ip route get")
                ? readLookup(header as never, values as never)
                : readEvent(kind.type, header, values);
        expect(fact as unknown).toEqual(expectedFacts[name][index]);
      });

      test(`${command}: nothing in it is unknown or malformed`, () => {
        const lines = explainAttrs(kind.attrs, new Bytes(message.bytes), message.from, message.bytes.length);
        // IFLA_PAD and its like (RTA_PAD, TCA_PAD, IFLA_BR_PAD …) align what follows and carry nothing.
        const odd = lines.filter((line) => /^(attribute|malformed)/.test(line.name) && line.length > 4);
        expect(odd.map((line) => `${line.name} ${line.value}`)).toEqual([]);
      });
    });
  });
}

describe("paths", () => {
  test("an offset inside a vxlan's data has its path", () => {
    const message = captured[0]?.messages.find(({ command }) => command.includes("gpe"));
    if (message === undefined) throw new Error("the capture is missing");
    const gpe = Buffer.from(message.bytes).indexOf(Buffer.from([4, 0, 27, 0]));
    expect(pathAt(message.kind.attrs, message.bytes, message.from, gpe)).toEqual(["linkInfo", "data", "gpe"]);
  });

  test("an offset inside a nexthop has its path", () => {
    const message = captured[2]?.messages.find(({ command }) => command.includes("nexthop"));
    if (message === undefined) throw new Error("the capture is missing");
    const second = Buffer.from(message.bytes).indexOf(Buffer.from([198, 51, 100, 1]));
    expect(pathAt(message.kind.attrs, message.bytes, message.from, second)).toEqual(["multipath", "1", "gateway"]);
  });

  test("an offset inside a veth's peer has its path", () => {
    const message = captured[0]?.messages[0];
    if (message === undefined) throw new Error("the capture is missing");
    const name = Buffer.from(message.bytes).lastIndexOf(Buffer.from("v1\0"));
    expect(pathAt(message.kind.attrs, message.bytes, message.from, name)).toEqual(["linkInfo", "data", "peer", "name"]);
  });
});

describe("bad input", () => {
  const link = messageKinds.get(16) as AnyMessageKind;
  const route = messageKinds.get(24) as AnyMessageKind;
  test.each([
    [link, "080004", "short", "less than a header is passed over, less than a length is not"],
    [link, "06000400dc050000", "short", "an MTU of two bytes"],
    [link, "0c000400dc05000000000000", "long", "an MTU of eight bytes"],
    [link, "ff000400dc050000", "short", "an attribute beyond the end"],
    [link, "020004000000", "short", "an attribute shorter than its header"],
    [link, "1800120009000100766574680000000008000200040001000000", "short", "a veth's peer without its header"],
    [route, "0c0009000400000000000000", "short", "a nexthop shorter than its header"],
    [route, "0c000900ff00000003000000", "short", "a nexthop beyond the end"],
    [route, "090012000200c00002000000", "bad-value", "a gateway of three bytes"],
    [route, "0500120002", "short", "a gateway without its family"],
    [route, "0b000100c0000201000000", "bad-value", "a destination of seven bytes"],
  ] as const)("%#: %s", (kind, hex, code) => {
    const bytes = Uint8Array.fromHex(hex);
    if (bytes.length < 4) return expect(decode(kind.attrs, bytes)).toEqual({});
    expect(() => decode(kind.attrs, bytes)).toThrow(expect.objectContaining({ name: "WireError", code }));
  });

  test("a name of sixteen bytes leaves no room for the closing NUL", () => {
    const request = addLink({ kind: "dummy", name: "sixteen-bytes-xx" });
    expect(() => encoded(request)).toThrow(expect.objectContaining({ code: "overflow", path: ["name"] }));
  });
});

describe("properties", () => {
  const all = [...messageKinds.values()];
  test("random bytes decode, or are refused by a WireError", () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.uint8Array({ maxLength: 200 }), (kind, bytes) => {
        try {
          kind.attrs.get(new Bytes(bytes), 0, bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("captured messages with bytes changed decode, or are refused by a WireError", () => {
    const messages = [...captured, ...answered].flatMap((group) => group.messages);
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...messages),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (message, changes) => {
          const bytes = message.bytes.slice(message.from);
          for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          try {
            message.kind.attrs.get(new Bytes(bytes), 0, bytes.length);
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  const tables = Object.entries(kinds).flatMap(([name, kind]) => [
    { name, codec: kind.data },
    ...("port" in kind ? [{ name: `${name} port`, codec: kind.port }] : []),
  ]);
  test.each(tables)("$name: what a row encodes, it decodes", ({ codec }) => {
    const rows = [...codec.fields().values()].filter(({ get, set }) => get === set && get.size !== undefined);
    if (rows.length === 0) return;
    const row = fc.constantFrom(...rows);
    const table = attrs({});
    fc.assert(
      fc.property(row, fc.uint8Array({ minLength: 256, maxLength: 256 }), (field, noise) => {
        const size = field.get.size ?? 0;
        const value: unknown = field.get.get(new Bytes(noise), 0, size);
        const writer = new Writer();
        codec.put(writer, { [field.key]: value } as never);
        expect(decode(codec as typeof table, writer.finish()) as unknown).toEqual({ [field.key]: value });
      }),
    );
  });

  test("unknown attributes survive", () => {
    const other = [{ type: 999, data: new Uint8Array([1, 2, 3]) }];
    const table = attrs({ mtu: [4, u32] });
    const writer = new Writer();
    table.put(writer, { mtu: 1500, other });
    expect(decode(table, writer.finish())).toEqual({ mtu: 1500, other });
  });
});
