import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, expect, test } from "bun:test";
import { ANSWER, CALL, ERROR, type Message, decode, encode, lengthOf } from "../../src/plugins/firewall/_message.ts";
import { call, makePod, sh } from "./chained-call.ts";
import { eventually } from "../eventually.ts";

const has = Bun.which("dbus-daemon") !== null && Bun.which("dbus-send") !== null;
const needs = has ? "" : " (needs the programs dbus-daemon and dbus-send)";
const NAME = "org.fedoraproject.FirewallD1";
const path = "/run/dbus/system_bus_socket";
const prevResult = makePod("p1", 1);
const at = { pod: "p1" };
const conf = { prevResult, backend: "firewalld" };
/** What the stand-in for firewalld was told. */
const sources = new Set<string>();

const daemon = has ? await startBus() : undefined;
const service = has ? await serve() : undefined;
afterAll(() => {
  service?.end();
  daemon?.kill();
});

async function startBus() {
  mkdirSync("/run/dbus", { recursive: true });
  const allow = ["send_destination", "own", "user", "receive_sender"].map((what) => `<allow ${what}="*"/>`).join("");
  writeFileSync(
    "/run/bus.conf",
    `<busconfig><type>system</type><listen>unix:path=${path}</listen><auth>EXTERNAL</auth><policy context="default">${allow}</policy></busconfig>`,
  );
  const bus = Bun.spawn(["dbus-daemon", "--config-file=/run/bus.conf", "--nofork"], { stderr: "ignore" });
  await eventually("the bus listens", () => Bun.spawnSync(["test", "-S", path]).exitCode === 0);
  return bus;
}

/** Has firewalld's name on the bus, and answers as its zones do. */
async function serve() {
  let serial = 0;
  let pending = new Uint8Array();
  let isGreeted = false;
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = await Bun.connect({
    unix: path,
    socket: {
      data(own, bytes) {
        pending = Uint8Array.from([...pending, ...bytes]);
        if (!isGreeted) {
          isGreeted = true;
          pending = new Uint8Array();
          own.write("BEGIN\r\n");
          const bus = {
            destination: "org.freedesktop.DBus",
            path: "/org/freedesktop/DBus",
            interface: "org.freedesktop.DBus",
          };
          own.write(encode({ type: CALL, serial: ++serial, ...bus, member: "Hello", values: [] }));
          own.write(encode({ type: CALL, serial: ++serial, ...bus, member: "RequestName", values: [NAME, 0] }));
        }
        for (
          let length = lengthOf(pending);
          length !== undefined && length <= pending.length;
          length = lengthOf(pending)
        ) {
          const message = decode(pending.slice(0, length));
          pending = pending.slice(length);
          if (message.replyTo === 2) resolve();
          if (message.type === CALL) own.write(encode({ serial: ++serial, ...answerTo(message) }));
        }
      },
    },
  });
  socket.write(`\0AUTH EXTERNAL ${Buffer.from(String(process.geteuid?.())).toString("hex")}\r\n`);
  await promise;
  return socket;
}

/** By another program's word. */
function isNameOwned(): boolean {
  const owner = sh(
    `DBUS_SYSTEM_BUS_ADDRESS=unix:path=${path} dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:${NAME}`,
  );
  return owner.includes("boolean true");
}

function answerTo({ serial: replyTo, sender = "", member, values }: Message): Omit<Message, "serial"> {
  const [zone, source] = values as [string, string];
  const head = { replyTo, destination: sender };
  const refuse = (text: string) => ({ type: ERROR, ...head, errorName: `${NAME}.Exception`, values: [text] });
  if (zone !== "trusted") return refuse(`INVALID_ZONE: ${zone}`);
  if (member === "querySource") return { type: ANSWER, ...head, values: [sources.has(source)] };
  if (member === "addSource") {
    if (sources.has(source)) return refuse(`ALREADY_ENABLED: ${source}`);
    sources.add(source);
  } else if (!sources.delete(source)) return refuse(`UNKNOWN_SOURCE: ${source}`);
  return { type: ANSWER, ...head, values: [zone] };
}

test.skipIf(!has)(`firewall: firewalld is told of the addresses, on a real bus${needs}`, async () => {
  expect(isNameOwned()).toBe(true);
  expect(await call("firewall", "STATUS", at, conf)).toMatchObject({ exit: 0 });
  for (let i = 0; i < 2; i++) expect(await call("firewall", "ADD", at, conf)).toMatchObject({ exit: 0, log: [] });
  expect([...sources]).toEqual(["10.9.1.2/32", "fd09::1:2/128"]);
  expect(await call("firewall", "CHECK", at, conf)).toMatchObject({ exit: 0 });
  sources.delete("fd09::1:2/128");
  expect((await call("firewall", "CHECK", at, conf)).out).toMatchObject({
    code: 105,
    msg: "the firewall is not as ADD made it: fd09::1:2/128 in firewalld's zone trusted is missing",
  });
  for (let i = 0; i < 2; i++) expect(await call("firewall", "DEL", at, conf)).toMatchObject({ exit: 0 });
  expect([...sources]).toEqual([]);
});

test.skipIf(!has)(
  `firewall: where firewalld runs it is the backend, and DEL goes by the interface${needs}`,
  async () => {
    expect((await call("firewall", "ADD", at, { prevResult })).exit).toBe(0);
    expect(sources.size).toBe(2);
    expect((await call("firewall", "DEL", at, {})).exit).toBe(0);
    expect(sources.size).toBe(0);
  },
);

test.skipIf(!has)(`firewall: a zone that firewalld has not, and an ADD that is undone${needs}`, async () => {
  expect(await call("firewall", "ADD", at, { ...conf, firewalldZone: "nowhere" })).toMatchObject({
    exit: 1,
    out: { code: 100, msg: "cannot put 10.9.1.2/32 into zone nowhere: firewalld refuses: INVALID_ZONE: nowhere" },
  });
  const policy = {
    ...conf,
    prevResult: { ...(prevResult as object), interfaces: [{ name: "eth0", sandbox: "/run/netns/p1" }] },
  };
  expect((await call("firewall", "ADD", at, { ...policy, ingressPolicy: "isolated" })).exit).toBe(1);
  expect([...sources]).toEqual([]);
});

test.skipIf(!has)(`firewall: without firewalld${needs}`, async () => {
  service?.end();
  await eventually("the bus knows that it is gone", () => !isNameOwned());
  expect(await call("firewall", "ADD", at, conf)).toMatchObject({ exit: 1, out: { code: 102 } });
  expect(await call("firewall", "STATUS", at, conf)).toMatchObject({ exit: 1, out: { code: 50 } });
  expect(await call("firewall", "DEL", at, conf)).toMatchObject({ exit: 0 });
});
