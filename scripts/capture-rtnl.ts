/**
 * Writes test/golden/rtnl/*.json: what `ip`, `bridge` and `tc` send to the kernel, and what it answers, taken by
 * strace in a scratch namespace per command. Kinds that the kernel lacks are asked for all the same; it refuses, and the
 * request is what we want. Answers hold random addresses and counters, so test/golden/rtnl/facts.ts follows them.
 *
 * Needs strace, iproute2 and user namespaces: `bun scripts/capture-rtnl.ts [NAME…] && npm run format`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { type Group, groups } from "../test/golden/rtnl/commands.ts";
import { forEachMessage } from "../test/golden/rtnl/message.ts";

/** In every scratch namespace: b0 has index 2, a0 3, br0 4, and vx0 5. */
const SETUP = [
  "mount -t tmpfs none /run",
  "ip link set lo up",
  "ip link add a0 address 02:00:00:00:00:0a type veth peer name b0 address 02:00:00:00:00:0b",
  "ip link add br0 address 02:00:00:00:00:b0 type bridge",
  "ip link add vx0 address 02:00:00:00:00:50 type vxlan id 50 local 192.0.2.1 dstport 4789 nolearning",
  "ip link set a0 up",
  "ip link set b0 up",
  "ip link set br0 up",
  "ip addr add 192.0.2.1/24 dev a0",
  "ip -6 addr add 2001:db8::1/64 dev a0 nodad",
];

/** RTM_NEW*, RTM_DEL* and RTM_SET* are changes, RTM_GET* are not: the number's last two bits are 2. */
const isGet = (type: number): boolean => (type & 3) === 2;

function capture(command: string, setup: readonly string[], direction: Group["direction"]): Uint8Array[] {
  const folder = mkdtempSync(join(tmpdir(), "capture-"));
  const trace = join(folder, "trace");
  const [calls, dump] = direction === "answer" ? ["recvmsg", "read=all"] : ["sendmsg,sendto", "write=all"];
  const script = [...SETUP, ...setup, `strace -e trace=${calls} -e ${dump} -o ${trace} ${command} >/dev/null || true`];
  const run = Bun.spawnSync(["unshare", "-Urnm", "sh", "-ec", script.join("\n")]);
  if (run.exitCode !== 0) throw new Error(`cannot capture "${command}": ${run.stderr.toString()}`);
  if (run.stderr.length > 0) console.log(`${command}: ${run.stderr.toString().trim()}`);
  const found = payloads(readFileSync(trace, "utf8")).flatMap((bytes) => {
    const messages: Uint8Array[] = [];
    forEachMessage(bytes, (message) => messages.push(message));
    return messages;
  });
  rmSync(folder, { recursive: true });
  return found;
}

/** Puts strace's hex dumps together, a buffer for each system call: ` | 00010  00 11 …  text |`. */
function payloads(trace: string): Uint8Array[] {
  const buffers: string[] = [];
  for (const line of trace.split("\n")) {
    const row = /^ \| ([0-9a-f]{5}) {2}(.{48})/.exec(line);
    if (row === null) continue;
    if (row[1] === "00000") buffers.push("");
    buffers.push((buffers.pop() ?? "") + (row[2] ?? "").replaceAll(" ", ""));
  }
  return buffers.map((hex) => Uint8Array.fromHex(hex));
}

/** ip first asks the kernel, with an empty RTM_NEWLINK, whether it knows strict checking. */
const isProbe = (message: Uint8Array): boolean =>
  message.length === 32 && message.subarray(16).every((byte) => byte === 0);

const typeOf = (message: Uint8Array): number => new DataView(message.buffer, message.byteOffset).getUint16(4, true);

/** The link's index is the second word of struct ifinfomsg, ifaddrmsg, ndmsg and tcmsg. */
const indexOf = (message: Uint8Array): number => new DataView(message.buffer, message.byteOffset).getInt32(20, true);

/** Sequence and port are of the moment; they are cleared. */
function settled(message: Uint8Array): string {
  const copy = message.slice();
  copy.fill(0, 8, 16);
  return copy.toHex();
}

const version = Bun.spawnSync(["ip", "-V"]).stdout.toString();
const tool = /iproute2-[^,\s]+/.exec(version)?.[0] ?? "iproute2";

const wishes = process.argv.slice(2);
for (const { name, direction, type, captures } of groups) {
  if (wishes.length > 0 && !wishes.includes(name)) continue;
  const rows = captures.map(({ command, setup = [], pick, about }) => {
    const all = capture(command, setup, direction).filter((message) => !isProbe(message));
    const wanted = all.filter((message) =>
      direction === "answer" ? typeOf(message) === type : !isGet(typeOf(message)) || pick === "get",
    );
    const answer = wanted.find((message) => about === undefined || indexOf(message) === about);
    const message = direction === "request" || about === "last" ? wanted.at(-1) : answer;
    if (message === undefined) throw new Error(`"${command}" sent nothing of interest`);
    return { command, ...(setup.length > 0 ? { setup } : {}), tool, kernel: release(), hex: settled(message) };
  });
  writeFileSync(new URL(`../test/golden/rtnl/${name}.json`, import.meta.url), `${JSON.stringify(rows, null, 2)}\n`);
  console.log(`${name}.json: ${rows.length} captures`);
}
