/** The thinnest plugin through its whole life, with `ip -j` as the witness. */
import { beforeEach, describe, expect, test } from "bun:test";
import { type Said, call, errorOf, linkTo } from "./program.ts";

const loopback = linkTo("loopback");
const pod = "/run/netns/pod";
const ip = (...args: readonly string[]): string => Bun.spawnSync(["ip", "-n", "pod", ...args]).stdout.toString();
const isUp = (): boolean =>
  (JSON.parse(ip("-j", "link", "show", "lo")) as { flags: string[] }[])[0]?.flags.includes("UP") === true;

beforeEach(() => {
  Bun.spawnSync(["ip", "netns", "del", "pod"], { stderr: "ignore" });
  Bun.spawnSync(["ip", "netns", "add", "pod"]);
});

function ask(CNI_COMMAND: string, more: object = {}, env: Record<string, string> = {}): Said {
  const variables = { CNI_COMMAND, CNI_CONTAINERID: "c1", CNI_NETNS: pod, CNI_IFNAME: "lo", ...env };
  return call(
    [loopback],
    variables,
    JSON.stringify({ cniVersion: "1.0.0", name: "cni-loopback", type: "loopback", ...more }),
  );
}
const quiet = { code: 0, stdout: "", stderr: "" };

describe("ADD", () => {
  // What the reference (v1.9.1) prints, white space removed.
  const interfaces = `"interfaces":[{"mac":"00:00:00:00:00:00","name":"lo","sandbox":"${pod}"}]`;
  for (const [cniVersion, document] of [
    [
      "1.0.0",
      `{"cniVersion":"1.0.0",${interfaces},"ips":[{"address":"127.0.0.1/8","interface":0},{"address":"::1/128","interface":0}]}`,
    ],
    [
      "1.1.0",
      `{"cniVersion":"1.1.0",${interfaces},"ips":[{"address":"127.0.0.1/8","interface":0},{"address":"::1/128","interface":0}]}`,
    ],
    [
      "0.3.1",
      `{"cniVersion":"0.3.1","interfaces":[{"name":"lo","mac":"00:00:00:00:00:00","sandbox":"${pod}"}],` +
        '"ips":[{"version":"4","interface":0,"address":"127.0.0.1/8"},{"version":"6","interface":0,"address":"::1/128"}],"dns":{}}',
    ],
    ["0.2.0", '{"cniVersion":"0.2.0","ip4":{"ip":"127.0.0.1/8"},"ip6":{"ip":"::1/128"},"dns":{}}'],
  ] as const)
    test(`in ${cniVersion}`, () => {
      const said = ask("ADD", { cniVersion });
      expect([said.code, said.stdout.replaceAll(/\s/g, ""), said.stderr]).toEqual([0, document, ""]);
      expect(isUp()).toBe(true);
    });

  test("twice, and whatever the interface is called", () => {
    expect(ask("ADD").stdout).toBe(ask("ADD", {}, { CNI_IFNAME: "eth0" }).stdout);
    expect(isUp()).toBe(true);
  });

  test("behind another plugin its result goes on", () => {
    const prevResult = { cniVersion: "0.4.0", ips: [{ version: "4", address: "10.0.0.2/8" }], dns: { domain: "d" } };
    expect(JSON.parse(ask("ADD", { prevResult }).stdout)).toEqual({
      cniVersion: "1.0.0",
      dns: { domain: "d" },
      ips: [{ address: "10.0.0.2/8" }],
    });
    expect(isUp()).toBe(true);
  });

  test("on a device that somebody gave another address: an error, and the device is as before", () => {
    ip("link", "set", "lo", "up");
    ip("address", "del", "127.0.0.1/8", "dev", "lo");
    ip("address", "add", "10.1.2.3/32", "dev", "lo");
    const refused = { code: 101, msg: "the loopback device has 10.1.2.3/32, which is no loopback address" };
    expect(errorOf(ask("ADD"))).toMatchObject(refused);
    expect(isUp()).toBe(true);
  });

  test("that fails takes the device down again", () => {
    const prevResult = { cniVersion: "1.0.0", interfaces: [{ name: "eth0" }] };
    expect(errorOf(ask("ADD", { cniVersion: "0.2.0", prevResult }))).toMatchObject({ code: 1 });
    expect(isUp()).toBe(false);
  });
});

describe("CHECK", () => {
  test("after ADD, and after somebody took the device down", () => {
    const { stdout } = ask("ADD");
    const prevResult = JSON.parse(stdout) as unknown;
    expect(ask("CHECK", { prevResult })).toEqual(quiet);
    ip("link", "set", "lo", "down");
    expect(errorOf(ask("CHECK", { prevResult }))).toMatchObject({
      code: 105,
      msg: `the loopback device in ${pod} is down`,
    });
  });
});

describe("DEL", () => {
  test("takes it down; twice, before ADD, without a namespace and with an empty one", () => {
    expect(ask("DEL")).toEqual(quiet);
    ask("ADD");
    expect(ask("DEL")).toEqual(quiet);
    expect(isUp()).toBe(false);
    expect(ask("DEL")).toEqual(quiet);
    expect(ask("DEL", {}, { CNI_NETNS: "" })).toEqual(quiet);
    Bun.spawnSync(["ip", "netns", "del", "pod"]);
    expect(ask("DEL")).toEqual(quiet);
  });

  test("as the CRI calls it", () => {
    const cri = { cniVersion: "0.3.1" };
    expect(ask("ADD", cri).code).toBe(0);
    expect(ask("DEL", cri)).toEqual(quiet);
    expect(ask("DEL", cri, { CNI_NETNS: "" })).toEqual(quiet);
  });
});

test("STATUS and GC have nothing to say", () => {
  for (const command of ["STATUS", "GC"]) expect(ask(command, { cniVersion: "1.1.0" })).toEqual(quiet);
});
