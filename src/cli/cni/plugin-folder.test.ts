import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PluginFolder, openFolder } from "./plugin-folder.ts";

const top = mkdtempSync(join(tmpdir(), "netloom-install-"));
afterAll(() => rmSync(top, { recursive: true }));

const names = ["bridge", "loopback"];
let executable: string;
let dir: string;
let folder: PluginFolder;
let count = 0;
beforeEach(() => {
  const place = join(top, String(count++));
  mkdirSync(place);
  executable = join(place, "netloom");
  writeFileSync(executable, "the program", { mode: 0o755 });
  dir = join(place, "opt/bin");
  folder = openFolder(dir, () => executable);
});
const install = (how: "symlink" | "copy" = "symlink", force = false) =>
  folder.run(folder.planInstall(names, how, force));
const put = (name: string, content: string) => {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, name), content);
};

describe("install", () => {
  test("links every name to the executable; the second time there is nothing to do", () => {
    install();
    expect(readdirSync(dir).toSorted()).toEqual(names);
    expect(readlinkSync(join(dir, "bridge"))).toBe(executable);
    expect(folder.planInstall(names, "symlink", false)).toEqual([]);
  });

  test("copies the executable once, with links beside it, and replaces the copy the next time", () => {
    install("copy");
    expect(readdirSync(dir).toSorted()).toEqual(["bridge", "loopback", "netloom"]);
    expect(readlinkSync(join(dir, "bridge"))).toBe("netloom");
    writeFileSync(executable, "newer");
    install("copy");
    expect(readFileSync(join(dir, "loopback"), "utf8")).toBe("newer");
  });

  test("in the folder of the executable links to it by its name", () => {
    folder = openFolder(join(dir, "../.."), () => executable);
    folder.run(folder.planInstall(names, "copy", false));
    expect(readlinkSync(join(dir, "../../bridge"))).toBe("netloom");
    expect(readFileSync(executable, "utf8")).toBe("the program");
  });

  test("refuses what is not netloom's, and changes nothing", () => {
    put("loopback", "somebody else's");
    expect(folder.holderOf("loopback")).toBe("not netloom");
    expect(() => install()).toThrow(`${dir} has loopback that is not netloom's; nothing was changed`);
    expect(readdirSync(dir)).toEqual(["loopback"]);
    install("symlink", true);
    expect(readlinkSync(join(dir, "loopback"))).toBe(executable);
    expect(readdirSync(dir).toSorted()).toEqual(names);
  });

  test("takes over links to another netloom, also to one that is gone", () => {
    mkdirSync(dir, { recursive: true });
    symlinkSync("/nowhere/netloom-0.0.1", join(dir, "bridge"));
    expect(folder.holderOf("bridge")).toBe("other netloom");
    install();
    expect(readlinkSync(join(dir, "bridge"))).toBe(executable);
  });

  test("that fails in the middle puts everything back", () => {
    put("bridge", "somebody else's");
    const steps = folder.planInstall(names, "symlink", true);
    // Something comes in the way of the second name between the plan and its doing.
    mkdirSync(join(dir, "loopback/x"), { recursive: true });
    expect(() => folder.run(steps)).toThrow();
    expect(readFileSync(join(dir, "bridge"), "utf8")).toBe("somebody else's");
    expect(readdirSync(dir).toSorted()).toEqual(names);
  });

  test("not into what is no folder", () => {
    expect(() => openFolder(executable, () => executable)).toThrow(`${executable} is no folder`);
  });

  test("into a folder that is not there leaves none when it fails", () => {
    expect(() => folder.run([{ do: "copy", name: "netloom", from: "/nonexistent" }])).toThrow();
    expect(existsSync(join(dir, ".."))).toBe(false);
  });
});

describe("uninstall", () => {
  test("removes netloom's and leaves the rest, and the executable", () => {
    install();
    put("firewall", "somebody else's");
    folder.run(folder.planRemoval([...names, "firewall"]));
    expect(readdirSync(dir)).toEqual(["firewall"]);
    expect(existsSync(executable)).toBe(true);
  });

  test("takes the copy along with the last that leads to it", () => {
    install("copy");
    folder.run(folder.planRemoval(["bridge"]));
    expect(readdirSync(dir).toSorted()).toEqual(["loopback", "netloom"]);
    folder.run(folder.planRemoval(names));
    expect(readdirSync(dir)).toEqual([]);
  });

  test("never takes the executable itself", () => {
    folder = openFolder(join(dir, "../.."), () => executable);
    folder.run(folder.planInstall(names, "copy", false));
    folder.run(folder.planRemoval(names));
    expect(existsSync(executable)).toBe(true);
  });
});
