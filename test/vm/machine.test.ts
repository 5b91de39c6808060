/** How a machine's end is told, with a program in qemu's place that does what is asked of it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type End, runMachine } from "./machine.ts";

/** Opens its ports as qemu does, says on its console that it runs, and then what `-kernel` names. */
const qemu = `#!${process.execPath}
const words = process.argv.slice(2);
const paths = Object.fromEntries(words.flatMap((word) => {
  const [, id, path] = /^(?:socket|file),id=(\\w+),path=(.+)$/.exec(word) ?? [];
  return id === undefined ? [] : [[id, path]];
}));
const ports = {};
for (const id of ["stdout", "stderr", "status"]) ports[id] = await Bun.connect({ unix: paths[id], socket: { data() {} } });
await Bun.write(paths.console, "kernel: here I am\\n");
const how = words[words.indexOf("-kernel") + 1];
if (how !== "mute") ports.status.write("up\\n");
if (how.startsWith("code ")) ports.status.write(how.slice(5) + "\\n");
if (how === "mute" || how === "busy") await new Promise(() => setInterval(() => {}, 1000));
for (const port of Object.values(ports)) port.end();
`;

let folder = "";
const path = process.env["PATH"];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "vm-"));
  writeFileSync(join(folder, "qemu-system-x86_64"), qemu);
  chmodSync(join(folder, "qemu-system-x86_64"), 0o755);
  process.env["PATH"] = `${folder}:${path}`;
});
afterAll(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

/** Long enough for a start of Bun, and what is waited out by those that never end. */
const LONG = 20_000;
const SHORT = 2000;

function run(how: string, limits: { readonly bootLimit?: number; readonly limit?: number } = {}): Promise<End> {
  const own = mkdtempSync(join(folder, "r"));
  const hear = (): void => undefined;
  const machine = {
    kernel: how,
    initramfs: "none",
    folder: own,
    acceleration: "tcg",
    bootLimit: LONG,
    limit: LONG,
    hear,
  };
  return runMachine({ ...machine, ...limits } as Parameters<typeof runMachine>[0]);
}

test("the command's exit code is the machine's, whatever it is", async () => {
  expect(await run("code 0")).toEqual({ kind: "done", code: 0 });
  expect(await run("code 3")).toEqual({ kind: "done", code: 3 });
});

test("one that ends without an exit code has died, and its console is kept", async () => {
  expect(await run("dies")).toEqual({ kind: "died", console: "kernel: here I am" });
});

test("one that does not come up has not booted", async () => {
  expect(await run("mute", { bootLimit: SHORT })).toMatchObject({ kind: "not booted" });
});

test("one that does not end is ended", async () => {
  expect(await run("busy", { limit: SHORT })).toMatchObject({ kind: "time limit" });
});
