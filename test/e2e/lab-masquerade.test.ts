/** Pods that leave with their node's address: by whom they are heard, and when nobody shall. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listing, netloom } from "./sandbox.ts";

const folder = mkdtempSync(join(tmpdir(), "netloom-masq-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lan = { prefixes: ["192.168.1.0/24", "fd00:192:168:1::/64"] };
function up(network: object): ReturnType<typeof netloom> {
  const file = join(folder, "m.netloom.yaml");
  writeFileSync(file, JSON.stringify({ name: "m", nodes: 2, pods: 1, underlay: lan, network }));
  return netloom("up", "--no-test", "-f", file);
}
const within = (target: string, ...command: readonly string[]) =>
  netloom("exec", "--lab", "m", target, "--", ...command);
/** Whether a pod of the first node reaches the second node's LAN address, which knows no way back to pods. */
const reaches = (address: string): boolean => within("vm-001-ns01", "ping", "-c", "1", "-W", "2", address).code === 0;
const tables = (): string => within("vm-001", "nft", "list", "tables").stdout;

test("what leaves by the LAN has the node's address, in both families", () => {
  expect(up({ join: "none", masquerade: true }).code).toBe(0);
  expect([reaches("192.168.1.2"), reaches("fd00:192:168:1::2")]).toEqual([true, true]);
  const rules = within("vm-001", "nft", "list", "ruleset").stdout;
  expect(rules).toContain('ip saddr 172.16.1.0/24 masquerade comment "netloom netloom_m"');
  expect(rules).toContain("oifname vmap @leaving");
});

test("the same again is nothing to do; what somebody flushed comes back", () => {
  expect(up({ join: "none", masquerade: true }).stderr).toContain("nothing to do");
  within("vm-001", "nft", "flush", "ruleset");
  expect(up({ join: "none", masquerade: true }).stderr).toContain("rules of netloom_m in nftables inet netloom_lab");
  expect(reaches("192.168.1.2")).toBe(true);
});

test("pods reach each other with their own addresses", async () => {
  expect(up({ join: "routes", masquerade: true }).code).toBe(0);
  const dump = ["timeout", "10", "tcpdump", "-n", "-c", "1", "-i", "eth0", "icmp"];
  const heard = Bun.spawn([join(import.meta.dir, "../../bin/netloom"), "exec", "m/vm-002-ns01", "--", ...dump], {
    stdout: "pipe",
    stderr: "ignore",
  });
  // Asked until it is heard: tcpdump takes its time to begin.
  while (heard.exitCode === null && reaches("172.16.2.1")) await Bun.sleep(50);
  expect(await heard.stdout.text()).toContain("172.16.1.1 > 172.16.2.1");
});

test("without it nothing is left of the rules, and nobody answers", () => {
  expect(up({ join: "none" }).code).toBe(0);
  expect(tables()).toBe("");
  expect(reaches("192.168.1.2")).toBe(false);
  expect(netloom("down", "m").code).toBe(0);
  expect(listing()).toEqual([]);
});
