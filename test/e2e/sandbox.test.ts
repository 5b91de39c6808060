/** What test/run.ts promises to the kernel and end-to-end tests. */
import { expect, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { listing } from "./sandbox.ts";

test("the network namespace has no device but lo, for ip and for /sys", () => {
  expect(listing()).toEqual([]);
  expect(readdirSync("/sys/class/net")).toEqual(["lo"]);
});

test("/run has an empty netns folder and nothing else", () => {
  expect(readdirSync("/run")).toEqual(["netns"]);
  expect(readdirSync("/run/netns")).toEqual([]);
});

test("a named namespace can be made, and its mount stays in here", () => {
  const add = Bun.spawnSync(["ip", "netns", "add", "here"], { stderr: "inherit" });
  expect(add.exitCode).toBe(0);
  expect(readdirSync("/run/netns")).toEqual(["here"]);
  const inside = Bun.spawnSync(["ip", "netns", "exec", "here", "readlink", "/proc/self/ns/net"])
    .stdout.toString()
    .trim();
  expect(inside).not.toBe(readlinkSync("/proc/self/ns/net"));
  expect(Bun.spawnSync(["ip", "netns", "delete", "here"]).exitCode).toBe(0);
});
