/** Commands in a namespace, started by both ways: from a copy of the mount table, and from the view. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { createNetns, deleteNetns, listNetns, manyPins, prepareView, removeView } from "../../src/netns/index.ts";
import { commands, mounts, names, own, ran, within } from "./netns-commands.ts";

afterAll(() => {
  for (const name of listNetns()) deleteNetns(name);
});

describe("a command in a namespace", () => {
  beforeAll(() => createNetns(names("nln-pod")));
  describe("of few", commands);

  describe("of many, by the view", () => {
    let before = "";
    beforeAll(() => {
      createNetns(names(...Array.from({ length: 260 }, (_, i) => `nln-${i}`)));
      before = mounts();
      expect(manyPins()).toBe(true);
      expect(prepareView()).toBe(true);
      expect(prepareView()).toBe(true);
    });
    afterAll(() => {
      removeView();
      expect(mounts()).toBe(before);
    });
    commands();

    test("does not see the pins", () => {
      expect(within("nln-pod", "sh", "-c", "grep -c /run/netns/ /proc/self/mountinfo").stdout).toBe("0");
      expect(Number(ran(["sh", "-c", "grep -c /run/netns/ /proc/self/mountinfo"]).stdout)).toBeGreaterThan(260);
    });
  });
});

describe("the view", () => {
  test("leaves no mount and no file", () => {
    const before = mounts();
    expect(prepareView()).toBe(true);
    expect(mounts()).not.toBe(before);
    expect(own("mnt")).toBe(readlinkSync("/proc/self/ns/mnt"));
    removeView();
    removeView();
    expect(mounts()).toBe(before);
    expect(readdirSync("/run")).not.toContain("netloom.view");
  });

  // Linux 6.18 numbers mount namespaces per processor, and pins only one with a higher number than ours.
  test.each([["-m"], ["-mn"]])("is pinned wherever a process runs (unshare %s)", (flags) => {
    const script = `
      import { prepareView, removeView } from "${import.meta.dir}/../../src/netns/index.ts";
      for (let i = 0; i < 10; i++) { if (!prepareView()) process.exit(1); removeView(); }`;
    for (let i = 0; i < 3; i++) {
      expect(ran(["unshare", flags, process.execPath, "-e", script])).toMatchObject({ code: 0, stderr: "" });
    }
  });
});
