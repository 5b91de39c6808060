import { describe, expect, test } from "bun:test";
import { delFlow, listFlows } from "../../src/conntrack/index.ts";
import { readFlow } from "../../src/conntrack/flow.ts";
import { deleteFlow, newFlow } from "../../src/conntrack/message.ts";
import { parseIp } from "../../src/values/index.ts";
import { Bytes, Writer } from "../../src/wire/index.ts";

/** nlmsghdr and nfgenmsg. */
const HEADERS = 20;

interface Row {
  readonly command: string;
  readonly hex: string;
}

async function load(name: string): Promise<readonly Uint8Array[]> {
  const rows = (await Bun.file(new URL(`./conntrack/${name}.json`, import.meta.url)).json()) as readonly Row[];
  return rows.map(({ hex }) => Uint8Array.fromHex(hex));
}

const [deleted] = await load("delete");
const answers = await load("answer");
const four = (last: number) => parseIp(`10.0.0.${last}`);
const flow = {
  family: 4,
  protocol: "udp",
  src: four(1),
  dst: four(2),
  srcPort: 54277,
  dstPort: 8053,
} as const;

describe("conntrack's messages", () => {
  test("what conntrack sends to delete a flow has our type and our tuple", () => {
    const bytes = new Bytes(deleted as Uint8Array);
    expect(bytes.u16(4)).toBe(deleteFlow.type);
    const { kind, header, attrs } = delFlow(flow);
    const writer = new Writer();
    kind.header.put(writer, header);
    kind.attrs.put(writer, attrs);
    const ours = writer.finish().toHex();
    // conntrack goes on with the other direction, timeout, mark and status, which the kernel does not look at.
    const theirs = (deleted as Uint8Array).slice(16).toHex();
    expect(theirs.startsWith(ours)).toBe(true);
    expect(ours.length).toBe((4 + 52) * 2);
  });

  test("decoded and encoded again, it is the same", () => {
    const bytes = new Bytes(deleted as Uint8Array);
    const value = deleteFlow.attrs.get(bytes, HEADERS, bytes.u8.length);
    const writer = new Writer();
    deleteFlow.attrs.put(writer, value);
    // Attributes in the table's order: conntrack puts the status (3) before the timeout (7), as the table does.
    expect(writer.finish().toHex()).toBe((deleted as Uint8Array).slice(HEADERS).toHex());
  });

  test("the kernel's answers are these flows", () => {
    const flows = answers.map((message) => {
      const bytes = new Bytes(message);
      expect(bytes.u16(4)).toBe(newFlow.type);
      const header = newFlow.header.get(bytes, 16, HEADERS);
      return readFlow(header, newFlow.attrs.get(bytes, HEADERS, message.length));
    });
    const one = parseIp("::1");
    expect(flows).toEqual([
      flow,
      { family: 6, protocol: "udp", src: one, dst: one, srcPort: 54947, dstPort: 8053 },
      { ...flow, srcPort: 51621, dstPort: 8054 },
    ]);
  });

  test("only the flows that were asked for are read, also where the kernel does not filter", () => {
    const { read } = listFlows({ family: 4, protocol: "udp", port: 8053 });
    const facts = answers.flatMap((message) => {
      const bytes = new Bytes(message);
      const header = newFlow.header.get(bytes, 16, HEADERS);
      return read(header as never, newFlow.attrs.get(bytes, HEADERS, message.length) as never) ?? [];
    });
    expect(facts).toEqual([flow]);
  });
});
