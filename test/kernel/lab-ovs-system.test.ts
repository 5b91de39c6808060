/** Open vSwitch with the kernel's datapath, which labs take where there is one. */
import { afterAll, describe, expect, test } from "bun:test";
import { load } from "../../src/lab/index.ts";
import { NETLINK_GENERIC, NetlinkSocket, getFamily } from "../../src/netlink/index.ts";
import { eventually } from "../eventually.ts";
import { must } from "../must.ts";
import { reaches } from "./lab-host.ts";

using asked = new NetlinkSocket(NETLINK_GENERIC);
const lacking = asked.batch([getFamily("ovs_datapath")])[0] !== undefined;

const input = { name: "sys", nodes: 2, pods: 2, network: { driver: "ovs", join: "l2" } } as const;
const lab = load(input);
const vlans = load({
  ...input,
  network: { driver: { kind: "ovs", datapath: "system", vlans: [{ id: 10, pods: "*-ns02" }] }, join: "l2" },
});
const bridged = load({ ...input, network: { driver: "bridge", join: "l2" } });

const vsctl = (...words: readonly string[]): string =>
  must("ovs-vsctl", "--db=unix:/run/netloom/sys/ovs/sys-vm-001/db.sock", ...words);

afterAll(async () => void (lab.state() === undefined || (await lab.down())));

describe.skipIf(lacking)("a lab on Open vSwitch in the kernel (needs CONFIG_OPENVSWITCH)", () => {
  test("forwards by the module, and is left alone the second time", async () => {
    await lab.up();
    expect(vsctl("get", "bridge", "br0", "datapath_type")).toBe("system");
    expect(must("ip", "-n", "sys-vm-001", "-d", "link", "show", "br0")).toContain("openvswitch");
    expect(must("ip", "-n", "sys-vm-001", "-d", "link", "show", "vm-001-ns01")).toContain("master ovs-system");
    expect(await reaches(lab)).toBe(true);
    expect((await lab.up()).ops).toEqual([]);
    expect(lab.inspect().members.flatMap(({ problems }) => problems)).toEqual([]);
  });

  test("carries TCP whole", async () => {
    const sink = Bun.spawn(["ip", "netns", "exec", "sys-vm-002-ns01", "socat", "-u", "TCP-LISTEN:5001", "STDOUT"], {
      stdin: "ignore",
      stdout: "pipe",
    });
    await eventually("socat listens", () =>
      must("ip", "netns", "exec", "sys-vm-002-ns01", "ss", "-Hltn").includes(":5001"),
    );
    const bytes = new Uint8Array(1_000_000).map((_, i) => i * 13);
    const source = Bun.spawn(
      ["ip", "netns", "exec", "sys-vm-001-ns01", "socat", "-u", "STDIN", "TCP:172.16.2.1:5001"],
      { stdin: new Blob([bytes]) },
    );
    expect(Buffer.compare(await sink.stdout.bytes(), bytes)).toBe(0);
    expect(await source.exited).toBe(0);
  });

  test("keeps VLANs apart by tags, asked for or not", async () => {
    await vlans.up();
    expect(await reaches(vlans)).toBe(true);
    expect((await vlans.up()).ops).toEqual([]);
    const expected = load({
      ...input,
      network: vlans.file.input.network,
      expect: [{ from: "*-ns01", to: "*-ns02", reach: "yes" }],
    });
    expect((await expected.test({ timeoutMs: 500 })).summary.failed).toBeGreaterThan(0);
  });

  test("takes a link that was made anew, and mends daemons that died", async () => {
    await lab.up();
    must("ip", "-n", "sys-vm-001", "link", "delete", "vm-001-ns01");
    await lab.up();
    expect(await reaches(lab)).toBe(true);
    process.kill(Number(must("cat", "/run/netloom/sys/ovs/sys-vm-001/ovs-vswitchd.pid")), "SIGKILL");
    await lab.up();
    expect(await reaches(lab)).toBe(true);
    expect((await lab.up()).ops).toEqual([]);
  });

  test("gives way to a Linux bridge, takes its place again, and goes", async () => {
    await bridged.up();
    expect(must("ip", "-n", "sys-vm-001", "-br", "link")).not.toContain("ovs-system");
    expect(await reaches(bridged)).toBe(true);
    await lab.up();
    expect(await reaches(lab)).toBe(true);
    await lab.down();
    expect(must("ip", "netns")).toBe("");
  });
});
