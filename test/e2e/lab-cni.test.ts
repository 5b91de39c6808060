/** Labs whose pods CNI plugins attach: what changes is attached anew, what goes is given back, what fails is said. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listing, netloom } from "./sandbox.ts";

const folder = mkdtempSync(join(tmpdir(), "netloom-cni-"));
afterAll(() => rmSync(folder, { recursive: true }));

const conflist = (more: object = {}) => ({
  cniVersion: "1.0.0",
  name: "pods",
  plugins: [
    { type: "bridge", bridge: "cni0", isDefaultGateway: true, ipam: { type: "host-local", subnet: "<ipv4>" }, ...more },
  ],
});

function labFile(pods: number, network: object = {}, plugin: object = {}): string {
  const path = join(folder, "c.netloom.yaml");
  const cni = { conflist: conflist(plugin) };
  const lab = {
    name: "c",
    nodes: 2,
    pods,
    addresses: { ipv4: "10.244.0.0/16/24" },
    network: { driver: "cni", join: "routes", cni, ...network },
  };
  writeFileSync(path, JSON.stringify(lab));
  return path;
}

const reservations = (node: string): readonly string[] =>
  readdirSync(`/run/netloom/c/cni/nodes/${node}/networks/pods`).filter((name) => name.startsWith("10."));
const addressOf = (pod: string): string =>
  netloom("exec", "--lab", "c", pod, "--", "ip", "-br", "-4", "address", "show", "eth0").stdout;

/** What a plan says of attachments, with the namespace above each. */
function plannedAttachments(...args: readonly string[]): readonly string[] {
  const { stdout } = netloom("plan", ...args);
  let netns = "";
  return stdout.split("\n").flatMap((line) => {
    netns = /namespace (\S+)/.exec(line)?.[1] ?? netns;
    return line.includes("attachment") ? [`${netns}: ${line.trim().replaceAll(/ +/g, " ")}`] : [];
  });
}

describe("a lab of plugins", () => {
  test("is planned without a plugin being asked", () => {
    const planned = netloom("plan", "--ops", labFile(1, { cni: { conflist: conflist(), path: "/nonexistent" } }));
    expect(planned.code).toBe(0);
    expect(planned.stdout.trim().split("\n").slice(-2)).toEqual([
      "ip netns exec c-vm-001 cnitool add pods /run/netns/c-vm-001-ns01 -i eth0",
      "ip netns exec c-vm-002 cnitool add pods /run/netns/c-vm-002-ns01 -i eth0",
    ]);
    expect(plannedAttachments(labFile(1))).toEqual([
      "c-vm-001-ns01: + attachment eth0 to CNI network pods by bridge",
      "c-vm-002-ns01: + attachment eth0 to CNI network pods by bridge",
    ]);
    expect(JSON.parse(netloom("plan", "-o", "json", labFile(1)).stdout)).toMatchObject({
      attachments: [
        { do: "attach", node: "c-vm-001", pod: "c-vm-001-ns01", ifname: "eth0", network: "pods", plugins: ["bridge"] },
        { do: "attach", node: "c-vm-002", pod: "c-vm-002-ns01", ifname: "eth0", network: "pods", plugins: ["bridge"] },
      ],
    });
    expect(netloom("up", "--dry-run", labFile(1)).stdout).toContain("attachment eth0");
    expect(listing()).toEqual([]);
  });

  test("goes up, is up, and says what it is", () => {
    const up = netloom("up", labFile(2));
    expect(up).toMatchObject({ code: 0 });
    expect(up.stderr).toContain("CNI plugins attached 4 pods");
    expect(up.stdout).toContain("all 20 pairs as expected");
    expect(addressOf("vm-001-ns01")).toContain("10.244.1.2/24");
    expect(addressOf("vm-002-ns02")).toContain("10.244.2.3/24");
    expect(netloom("up", "--no-test", labFile(2)).stderr).toBe("lab c is as it should be: nothing to do\n");
    expect(netloom("plan", "--exit-code", labFile(2)).code).toBe(0);
    expect(netloom("inspect", "c", "-o", "json").stdout).toContain('"10.244.2.3/24"');
    expect(netloom("graph", "c").stdout).toContain("10.244.1.3");
  });

  test("a pod that lost its interface is attached anew", () => {
    Bun.spawnSync(["ip", "-n", "c-vm-001-ns01", "link", "delete", "eth0"]);
    expect(netloom("test", "c").code).toBe(4);
    expect(netloom("plan", "--exit-code", "-q", labFile(2)).code).toBe(3);
    expect(plannedAttachments(labFile(2))).toEqual([
      "c-vm-001-ns01: -/+ attachment eth0 to CNI network pods by bridge",
    ]);
    const up = netloom("up", labFile(2));
    expect(up.code).toBe(0);
    expect(up.stderr).toContain("CNI plugins attached 1 pod\n");
    expect(reservations("vm-001")).toHaveLength(2);
  });

  test("a changed network attaches all anew, and fewer pods give back their addresses", () => {
    expect(plannedAttachments(labFile(2, {}, { hairpinMode: true }))).toHaveLength(4);
    expect(netloom("up", "--no-test", labFile(2, {}, { hairpinMode: true })).stderr).toContain("attached 4 pods");
    expect(netloom("exec", "--lab", "c", "vm-001", "--", "bridge", "-d", "link").stdout).toContain("hairpin on");
    expect(reservations("vm-002")).toHaveLength(2);
    expect(plannedAttachments(labFile(1, {}, { hairpinMode: true }))).toEqual([
      "c-vm-001-ns02: - attachment eth0 to CNI network pods",
      "c-vm-002-ns02: - attachment eth0 to CNI network pods",
    ]);
    expect(netloom("up", labFile(1, {}, { hairpinMode: true })).code).toBe(0);
    expect(reservations("vm-002")).toHaveLength(1);
  });

  test("a plugin that fails is named with the pod; the lab can be completed or removed", () => {
    const path = join(folder, "false");
    mkdirSync(path);
    symlinkSync("/bin/false", join(path, "bridge"));
    const up = netloom("up", "--no-test", labFile(2, { cni: { conflist: conflist({ hairpinMode: true }), path } }));
    expect(up.code).toBe(9);
    expect(up.stderr).toStartWith("netloom: attach pod vm-00");
    expect(up.stderr).toContain('plugin type="bridge" failed (add)');
    expect(up.stderr).toContain("run the same command again to go on");
    expect(netloom("ls").stdout).toMatch(/^c +half-made /m);
    const tested = netloom("test", "c");
    expect(tested).toMatchObject({ code: 7, stdout: "" });
    expect(tested.stderr).toMatch(/^netloom: lab c is not \(wholly\) up: pod vm-00\d-ns0\d is not attached; run/);
    expect(netloom("up", labFile(2, {}, { hairpinMode: true })).code).toBe(0);
    expect(netloom("ls").stdout).toMatch(/^c +up /m);
  });

  test("goes down with all it kept", () => {
    expect(netloom("down", "c").code).toBe(0);
    expect(listing()).toEqual([]);
  });
});

describe("what makes no sense is said where it is written", () => {
  test.each([
    ["without a network", { cni: undefined }, 'driver "cni" needs a network'],
    ["with another driver", { driver: "bridge" }, 'a CNI network is used by driver "cni" only'],
    ["l2", { join: "l2" }, 'with driver "cni" join by routes, vxlan, ip6tnl or none'],
    ["a conflist that is not there", { cni: { conflist: "none.conflist" } }, "there is no such file"],
    ["a plugin without a type", { cni: { conflist: { name: "x", plugins: [{}] } } }, "network.cni.conflist"],
  ])("%s", (_, network, says) => {
    const said = netloom("validate", "-f", labFile(1, network));
    expect(said.code).toBe(2);
    expect(said.stderr).toContain(says);
  });

  test("a conflist file that is no JSON", () => {
    writeFileSync(join(folder, "broken.conflist"), "{");
    const said = netloom("validate", "-f", labFile(1, { cni: { conflist: "broken.conflist" } }));
    expect(said.code).toBe(2);
    expect(said.stderr).toContain("broken.conflist");
  });
});
