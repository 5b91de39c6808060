/** `netloom cni install`: what is in the folder afterwards are plugins, and nobody else's files were touched. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { Box, type Said } from "../box.ts";
import { executable } from "../plugin-folders.ts";

/** Every name that a configuration may have as `type`. */
const names =
  "bandwidth bridge dhcp dummy firewall host-device host-local ipvlan loopback macvlan portmap ptp sbr static tap tuning vlan vrf".split(
    " ",
  );
const DIR = "/run/new/bin";

const install = (box: Box, words = ""): Said =>
  box.try([executable, "cni", "install", "--dir", DIR, ...words.split(" ").filter(Boolean)]);
const inFolder = (box: Box): readonly string[] => box.sh(`ls -A ${DIR}`).split("\n").filter(Boolean);

/** Whose each name is, as `--list` says. */
function listed(box: Box, words = ""): Readonly<Record<string, string>> {
  const { plugins } = JSON.parse(install(box, `--list -o json ${words}`).stdout) as {
    readonly plugins: readonly { readonly plugin: string; readonly there: string }[];
  };
  return Object.fromEntries(plugins.map(({ plugin, there }) => [plugin, there]));
}

describe.skipIf(!existsSync(executable))("cni install (needs the executable: test/cni/setup)", () => {
  test("puts every plugin there, each answers by its name, and all are taken out again", async () => {
    using box = await Box.open();
    expect(listed(box)).toEqual(Object.fromEntries(names.map((name) => [name, "free"])));
    expect(install(box)).toEqual({ code: 0, stdout: "", stderr: `18 plugins put into ${DIR}\n` });
    expect(inFolder(box)).toEqual(names);
    expect(listed(box)).toEqual(Object.fromEntries(names.map((name) => [name, "netloom"])));
    const greetings = names.map((name) => box.try([`${DIR}/${name}`]).stderr.split(" of netloom ")[0]);
    expect(greetings).toEqual(names.map((name) => `CNI ${name} plugin`));
    expect(install(box).stderr).toBe(`nothing to do in ${DIR}\n`);
    expect(install(box, "--uninstall --dry-run").stdout.split("\n")).toContain(`remove ${DIR}/bridge`);
    expect(inFolder(box)).toEqual(names);
    expect(install(box, "--uninstall").stderr).toBe(`18 plugins removed from ${DIR}\n`);
    expect(inFolder(box)).toEqual([]);
  });

  test("leaves what is not netloom's, unless it is told otherwise", async () => {
    using box = await Box.open();
    box.sh(`mkdir -p ${DIR}; echo theirs >${DIR}/bridge; echo theirs >${DIR}/else`);
    const refused = install(box);
    expect(refused).toMatchObject({ code: 8, stdout: "" });
    expect(refused.stderr).toContain(`${DIR} has bridge that is not netloom's; nothing was changed`);
    expect(inFolder(box)).toEqual(["bridge", "else"]);
    expect(listed(box, "bridge ptp")).toEqual({ bridge: "not netloom", ptp: "free" });
    expect(install(box, "ptp").code).toBe(0);
    expect(install(box, "--uninstall").code).toBe(0);
    expect(box.sh(`cat ${DIR}/bridge ${DIR}/else`)).toBe("theirs\ntheirs\n");
    expect(install(box, "--force bridge").code).toBe(0);
    expect(listed(box, "bridge")).toEqual({ bridge: "netloom" });
    expect(install(box, "nonesuch")).toMatchObject({ code: 2, stderr: expect.stringContaining("no plugin nonesuch") });
  });

  test("knows the programs that were named, and the copy, when it takes all out", async () => {
    using box = await Box.open();
    expect(install(box, "--how copy bridge cnitool netns_test").code).toBe(0);
    expect(inFolder(box)).toEqual(["bridge", "cnitool", "netloom", "netns_test"]);
    expect(listed(box)).toMatchObject({ bridge: "other netloom", cnitool: "other netloom", ptp: "free" });
    expect(Object.keys(listed(box))).toEqual([...names, "cnitool", "netns_test"]);
    expect(install(box, "--list netns_test").stdout).toContain("xcluster's pods on this node");
    expect(install(box, "--uninstall bridge").code).toBe(0);
    expect(inFolder(box)).toEqual(["cnitool", "netloom", "netns_test"]);
    expect(install(box, "--uninstall").code).toBe(0);
    expect(inFolder(box)).toEqual([]);
  });
});
