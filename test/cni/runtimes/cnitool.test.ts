/** The reference's cnitool (v1.3.0, spec 1.1.0) driving our plugins and the reference's. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { eventually } from "../../eventually.ts";
import type { Box, Said } from "../box.ts";
import { pluginPath } from "../caller.ts";
import { cnitool, noReference, ours, type PluginFolder, reference } from "../plugin-folders.ts";
import { type Member, reaches } from "./exercise.ts";
import { closeScene, openScene, outside, remains, remainsInTheEnd, whyNot } from "./scene.ts";

const conflist = {
  cniVersion: "1.1.0",
  name: "net3",
  plugins: [
    {
      type: "bridge",
      bridge: "nl-br3",
      isGateway: true,
      ipMasq: true,
      ipam: {
        type: "host-local",
        ranges: [[{ subnet: "10.73.0.0/29" }], [{ subnet: "fd73::/64" }]],
        routes: [{ dst: "0.0.0.0/0" }, { dst: "::/0" }],
      },
    },
    { type: "portmap", capabilities: { portMappings: true } },
    { type: "tuning", mtu: 1400 },
  ],
};
const mappings = JSON.stringify({ portMappings: [{ hostPort: 18073, containerPort: 80, protocol: "tcp" }] });

class Tool {
  readonly box: Box;
  constructor(box: Box) {
    this.box = box;
    box.run(["tee", "/etc/cni/net.d/30-net3.conflist"], { stdin: JSON.stringify(conflist) });
    for (const name of ["a", "b"]) box.run(["ip", "netns", "add", name]);
  }

  try(command: string, netns: string): Said {
    const env = { CNI_PATH: pluginPath, CAP_ARGS: netns === "a" ? mappings : "{}" };
    return this.box.try([cnitool ?? "", command, "net3", `/run/netns/${netns}`], { env });
  }

  /** @throws {Error} with what cnitool says */
  add(netns: string): Member & { readonly address6: string } {
    const { code, stdout, stderr } = this.try("add", netns);
    if (code !== 0) throw new Error(`add ${netns}: ${stdout}${stderr}`);
    const { ips } = JSON.parse(stdout) as { readonly ips: readonly { readonly address: string }[] };
    const [address = "", address6 = ""] = ips.map(({ address: with_length }) => with_length.split("/")[0] ?? "");
    return { netns: `/run/netns/${netns}`, address, address6 };
  }

  /** What remains of the two containers. */
  async left(): Promise<readonly string[]> {
    return remainsInTheEnd(this.box, ["10.73.0.2", "10.73.0.3", "fd73::2", "fd73::3", "cnitool-"]);
  }
}

function scenario(folder: PluginFolder, rest: PluginFolder): void {
  const own = folder !== reference;
  describe(`cnitool on ${folder.title}`, () => {
    let tool: Tool;
    beforeAll(async () => {
      tool = new Tool(await openScene(folder, rest));
    });
    afterAll(() => closeScene(tool.box, "nothing-of-this-name"));

    test("two containers talk in both families, and with who has no route to them", async () => {
      expect(tool.try("status", "a")).toMatchObject({ code: 0 });
      const [a, b] = [tool.add("a"), tool.add("b")];
      const asked = [b.address, b.address6, "10.73.0.1", "fd73::1", outside];
      // The reference's bridge looks for others with its address before it uses that.
      await eventually(`${asked.join(", ")} answer`, () => asked.every((address) => reaches(tool.box, a, address)));
      expect([a.address, a.address6].filter((address) => !reaches(tool.box, b, address))).toEqual([]);
      expect(tool.box.run("ip -n a link show dev eth0")).toContain("mtu 1400");
    });

    test("a second ADD is refused and changes nothing", () => {
      const before = remains(tool.box, ["10.73.0."]);
      expect(tool.try("add", "a").code).not.toBe(0);
      expect(remains(tool.box, ["10.73.0."])).toEqual(before);
    });

    test("CHECK is content, and is not once the default route is gone", () => {
      expect(tool.try("check", "a")).toMatchObject({ code: 0 });
      tool.box.run("ip -n a route del default");
      expect(tool.try("check", "a").code).not.toBe(0);
    });

    test("DEL, and DEL again", async () => {
      expect(tool.try("del", "a")).toMatchObject({ code: 0 });
      expect(tool.try("del", "a")).toMatchObject({ code: 0 });
      expect(tool.try("del", "b")).toMatchObject({ code: 0 });
      expect(await tool.left()).toEqual([]);
    });

    // The reference finds its masquerade rules by the addresses of a living interface.
    if (own)
      test("DEL after the addresses were flushed, and after the namespace is gone", async () => {
        tool.add("a");
        tool.add("b");
        tool.box.sh("ip -n a addr flush dev eth0; ip netns del b");
        expect(tool.try("del", "a")).toMatchObject({ code: 0 });
        expect(tool.try("del", "b")).toMatchObject({ code: 0 });
        expect(await tool.left()).toEqual([]);
        tool.box.run("ip netns add b");
      });

    test("GC takes everything away", async () => {
      tool.add("a");
      tool.add("b");
      expect(tool.try("gc", "a")).toMatchObject({ code: 0 });
      expect(await tool.left()).toEqual([]);
    });

    if (own)
      test("STATUS says that no address is left", () => {
        for (let at = 0; at < 5; at++) {
          tool.box.run(`ip netns add full${at}`);
          tool.add(`full${at}`);
        }
        const { code, stderr } = tool.try("status", "a");
        expect(code).not.toBe(0);
        expect(stderr).toContain("10.73.0.");
      });
  });
}

const impossible = whyNot("iptables", "busybox");
if (impossible !== undefined || reference === undefined) {
  test.skip(`cnitool attaches containers ${impossible ?? noReference}`, () => {});
} else {
  scenario(reference, reference);
  if (ours !== undefined) scenario(ours, reference);
}
