/** Requests of iproute2 6.1 that Linux 6.18 refused, with its answers, both as strace's hex dump shows them. */
import { expect, test } from "bun:test";
import { type AnyMessageKind, NetlinkError } from "../../src/netlink/index.ts";
import { messages } from "../../src/netlink/frame.ts";
import { messageKinds } from "../../src/rtnl/index.ts";
import { Bytes } from "../../src/wire/index.ts";

const refused: readonly {
  readonly command: string;
  readonly sent: string;
  readonly answer: string;
  readonly said: string;
}[] = [
  {
    command: "ip link add vx type vxlan id 5 dstport 4789 srcport 9 5",
    sent: `
      5c000000100005065fb1016b0000000000000000000000000000000000000000 0700030076780000340012000900010076786c616e000000
      2400020008000a000009000508000100050000000500070001000000 06000f0012b50000`,
    answer: `
      98000000020000025fb1016be1160000 eaffffff 5c000000100005065fb1016b00000000
      00000000000000000000000000000000 0700030076780000340012000900010076786c616e000000
      2400020008000a000009000508000100050000000500070001000000 06000f0012b50000
      1e000100496e76616c696420736f7572636520706f72742072616e6765000000 080002003c000000`,
    said: "Invalid source port range - Invalid argument (EINVAL, attribute linkInfo.data.portRange)",
  },
  {
    command: "ip link add x0 type nosuchkind",
    sent: `
      3c000000100005064ab1016b0000000000000000000000000000000000000000 0700030078300000 140012000e0001006e6f737563686b696e640000`,
    answer: `
      68000000020000024ab1016b9c0b0000 a1ffffff 3c000000100005064ab1016b00000000
      00000000000000000000000000000000 0700030078300000 140012000e0001006e6f737563686b696e640000
      18000100556e6b6e6f776e20646576696365207479706500`,
    said: "Unknown device type - Operation not supported (EOPNOTSUPP)",
  },
  {
    command: "ip route add 10.0.0.0/8 via 203.0.113.9",
    sent: `
      2c000000180005064ab1016b00000000 02080000fe03000100000000 080001000a000000 08000500cb007109`,
    answer: `
      60000000020000024ab1016bad0b0000 9bffffff 2c000000180005064ab1016b00000000
      02080000fe03000100000000 080001000a000000 08000500cb007109
      200001004e657874686f702068617320696e76616c6964206761746577617900`,
    said: "Nexthop has invalid gateway - Network is unreachable (ENETUNREACH)",
  },
  {
    command: "ip link add br0 type bridge",
    sent: `
      38000000100005064ab1016b0000000000000000000000000000000000000000 0800030062723000 100012000a0001006272696467650000`,
    answer: `
      4c000000020000004ab1016bb50b0000 efffffff 38000000100005064ab1016b00000000
      00000000000000000000000000000000 0800030062723000 100012000a0001006272696467650000`,
    said: "File exists (EEXIST)",
  },
];

const bytesOf = (dump: string): Uint8Array => Uint8Array.fromHex(dump.replaceAll(/\s/g, ""));

test.each(refused)("$command", ({ command, sent, answer, said }) => {
  const asked = bytesOf(sent);
  const kind = messageKinds.get(new Bytes(asked).u16(4)) as AnyMessageKind;
  const request = { kind, header: {}, attrs: {}, flags: 0, doing: command };
  const bytes = bytesOf(answer);
  const [message, ...rest] = messages(
    new Bytes(bytes),
    bytes.length,
    () => asked,
    () => request,
  );
  expect([message?.what, rest.length]).toEqual(["ack", 0]);
  if (message?.what !== "ack" || message.refusal === undefined) return expect.unreachable("nothing was refused");
  expect(new NetlinkError(command, message.refusal).message).toBe(`${command}: ${said}`);
});
