/** The executable under the name cnitool beside the reference's: same words, same output, files that both read. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { cnitool, debian, executable, noReference } from "../plugin-folders.ts";
import { RuntimeHost, chain, idOfA } from "./host.ts";

const DEBIAN = debian?.path ?? "";

const OURS = "/run/bin/cnitool";
const file = `/var/lib/cni/results/n1-${idOfA}-eth0`;
const variables = {
  CAP_ARGS: '{"portMappings":[{"protocol":"tcp","hostPort":8080,"containerPort":80}]}',
  CNI_ARGS: "IgnoreUnknown=1;NOTE=a<b&c",
};
const portmap = { type: "portmap", capabilities: { portMappings: true } };

/** What differs from ADD to ADD: MACs and names of veths. */
const steady = (text: string): string =>
  text.replaceAll(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, "MAC").replaceAll(/veth[0-9a-f]{8}/g, "VETH");

async function open(): Promise<RuntimeHost> {
  const host = await RuntimeHost.open(DEBIAN);
  host.box.run([executable, "cni", "install", "--dir", "/run/bin", "-q", "cnitool"]);
  return host;
}

if (debian === undefined || !existsSync(executable)) {
  test.skip("the name cnitool (needs Debian's plugins and the executable: test/cni/setup)", () => {});
} else {
  describe("the name cnitool", () => {
    test("a life of an attachment is silent but for the result", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0", portmap));
      const add = host.cnitool(OURS, "add n1 /run/netns/a", variables);
      expect([add.stderr, add.code]).toEqual(["", 0]);
      expect(add.stdout).toStartWith('{\n    "cniVersion": "1.0.0",\n    "interfaces": [\n');
      expect(add.stdout).toEndWith("\n}");
      for (const verb of ["del", "del", "status", "gc"])
        expect(host.cnitool(OURS, `${verb} n1 /run/netns/a`)).toEqual({ code: 0, stdout: "", stderr: "" });
    });

    test("gc takes every attachment of the network", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0"));
      expect(host.cnitool(OURS, "add n1 /run/netns/a").code).toBe(0);
      expect(host.cnitool(OURS, "add n1 /run/netns/b", { CNI_IFNAME: "eth7" }).code).toBe(0);
      expect(host.box.sh("ip -n b -o link show eth7")).toContain("eth7");
      expect(host.cnitool(OURS, "gc n1 /run/netns/a")).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(host.box.sh("ls /var/lib/cni/results; ls /var/lib/cni/networks/n1 | grep 10.7 || true")).toBe("");
    });

    test.each([
      ["", /^cnitool: /],
      ["add n1", /^cnitool: /],
      ["eat n1 a", /^cnitool: /],
      ["add nonesuch a", /^there is no network called "nonesuch"; \/run\/net.d has n1\n$/],
      ["check n1 a", /^cannot CHECK: .* is not attached to network n1 as eth0; /],
    ])("%p fails with 1 and says why", async (words, says) => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0"));
      const said = host.box.try([OURS, ...words.split(" ").filter(Boolean)], {
        env: { CNI_PATH: DEBIAN, NETCONFPATH: "/run/net.d" },
      });
      expect(said).toMatchObject({ code: 1, stdout: "" });
      expect(said.stderr).toMatch(says);
    });

    test("arguments that are no pairs, and capabilities that are no object, are refused", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0"));
      for (const text of ["a", "a=", "=b", "a=b;", "a=b=c"])
        expect(host.cnitool(OURS, "add n1 a", { CNI_ARGS: text }).stderr).toStartWith("invalid CNI_ARGS pair ");
      expect(host.cnitool(OURS, "add n1 a", { CAP_ARGS: "[]" }).stderr).toStartWith("CAP_ARGS is no JSON object");
      expect(host.box.sh("ls /var/lib/cni")).toBe("");
    });
  });
}

if (cnitool === undefined || debian === undefined || !existsSync(executable)) {
  test.skip(`cnitool beside the reference's ${noReference}`, () => {});
} else {
  const theirs = cnitool;
  describe("cnitool beside the reference's", () => {
    for (const version of ["0.3.1", "0.4.0", "1.0.0"]) {
      test(`prints the same and remembers the same bytes, version ${version}`, async () => {
        const lives = await Promise.all(
          [OURS, theirs].map(async (program) => {
            using host = await open();
            host.put("10-n1.conflist", `${JSON.stringify(chain(version, portmap), undefined, 2)}\n`);
            const { stdout, stderr, code } = host.cnitool(program, "add n1 /run/netns/a", variables);
            const modes = host.box.sh(`stat -c %a /var/lib/cni/results ${file}`);
            return { printed: steady(stdout), stderr, code, remembered: steady(host.box.read(file)), modes };
          }),
        );
        expect(lives[0]?.code).toBe(0);
        expect(lives[0]).toEqual(lives[1] as (typeof lives)[number]);
      });
    }

    for (const [first, second] of [
      [OURS, theirs],
      [theirs, OURS],
    ] as const) {
      test(`what ${first === OURS ? "ours" : "the reference's"} attached the other one checks and detaches`, async () => {
        using host = await open();
        host.put("10-n1.conflist", chain("1.0.0", { type: "tuning", mtu: 1400 }));
        const before = host.state();
        expect(host.cnitool(first, "add n1 /run/netns/a").code).toBe(0);
        expect(host.cnitool(second, "check n1 /run/netns/a")).toEqual({ code: 0, stdout: "", stderr: "" });
        expect(host.cnitool(second, "del n1 /run/netns/a")).toEqual({ code: 0, stdout: "", stderr: "" });
        expect(host.state()).toBe(before);
      });
    }

    test("published ports leak where the reference forgets them, and do not with ours", async () => {
      const left = await Promise.all(
        [OURS, theirs].map(async (program) => {
          using host = await open();
          host.put("10-n1.conflist", chain("1.0.0", portmap));
          expect(host.cnitool(program, "add n1 /run/netns/a", variables).code).toBe(0);
          expect(host.cnitool(program, "del n1 /run/netns/a").code).toBe(0);
          return host.box.sh("nft list ruleset | grep -c 8080 || true").trim();
        }),
      );
      expect(left[0]).toBe("0");
      expect(left[1]).not.toBe("0");
    });
  });
}
