/** Reading a table that others change meanwhile. */
import { expect, test } from "bun:test";
import { NETLINK_NETFILTER, NetlinkSocket, setTracer } from "../../src/netlink/index.ts";
import { type TableRef, listRules } from "../../src/nft/index.ts";

const table: TableRef = { family: "inet", name: "busy" };
/** More than two buffers of the kernel's: it fills one while the one before is read. */
const MANY = 800;

const has = Bun.which("nft") !== null;
const needs = has ? "" : " (needs the program nft)";

function nft(commands: string): void {
  const { exitCode, stderr } = Bun.spawnSync(["nft", "-f", "-"], { stdin: Buffer.from(commands) });
  if (exitCode !== 0) throw new Error(stderr.toString());
}

/** How many rules are read, where somebody adds one during each of the first so many readings. */
function read(disturbed: number): number {
  nft("add table inet busy; delete table inet busy; add table inet busy; add chain inet busy c");
  nft(
    Array.from(
      { length: MANY },
      (_, at) => `add rule inet busy c tcp dport ${at + 1} accept comment "${"x".repeat(90)}"`,
    ).join("\n"),
  );
  let left = disturbed;
  let isNew = false;
  using socket = new NetlinkSocket(NETLINK_NETFILTER);
  setTracer({
    request: () => void (isNew = true),
    answer() {
      if (isNew && left-- > 0) nft("add rule inet busy c accept");
      isNew = false;
    },
    ack: () => undefined,
  });
  try {
    return socket.dump(listRules(table)).length;
  } finally {
    setTracer(undefined);
  }
}

test.skipIf(!has)(`a table that comes to rest is read as it is then${needs}`, () => {
  expect(read(20)).toBe(MANY + 20);
});

test.skipIf(!has)(`one that never rests is refused${needs}`, () => {
  expect(() => read(Infinity)).toThrow("try again when the network is quieter");
});
