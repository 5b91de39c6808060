/** Finding networks, and commands around them, with real plugins. */
import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { debian, executable, ours } from "../plugin-folders.ts";
import { RuntimeHost, chain, idOfA } from "./host.ts";

const DEBIAN = debian?.path ?? "";

if (debian === undefined || !existsSync(executable)) {
  test.skip("networks of files (needs Debian's plugins and the executable: test/cni/setup)", () => {});
} else {
  const open = () => RuntimeHost.open(DEBIAN);

  describe("files of networks", () => {
    test("one that cannot be read is told of, and the next is taken", async () => {
      using host = await open();
      host.put("05-bad.conflist", '{"name": "n1", ');
      host.put("06-bad.conf", '{"name": "n1"}');
      host.put("10-n1.conflist", chain("1.0.0"));
      const add = host.cni("add n1 a");
      expect(add.code).toBe(0);
      expect(add.stderr).toMatch(
        /passed over: \/run\/net.d\/05-bad.conflist:1:16: no JSON: .*\n.*06-bad.conf: .*it has no type/,
      );
      const none = host.cni("add n2 a");
      expect(none).toMatchObject({ code: 1, stdout: "" });
      expect(none.stderr).toContain('there is no network called "n2"\n  /run/net.d has n1; cannot be read: ');
    });

    test("a single plugin's file is a network, and gives way to a list", async () => {
      using host = await open();
      const single = { cniVersion: "0.4.0", name: "n1", ...chain("0.4.0").plugins[0] };
      host.put("10-n1.conf", single);
      expect(host.cni("add n1 a").stdout).toContain('"cniVersion": "0.4.0"');
      expect(host.cni("check n1 a")).toEqual({ code: 0, stdout: "", stderr: "" });
      host.put("20-n1.conflist", chain("1.0.0"));
      expect(host.cni("add n1 b").stdout).toContain('"cniVersion": "1.0.0"');
      expect(host.cni("del n1 a").code).toBe(0);
      expect(host.cni("del n1 b").code).toBe(0);
      expect(host.box.sh("ls /var/lib/cni/results; ls /var/lib/cni/networks/n1 | grep 10.7 || true")).toBe("");
    });

    test("plugins of the sibling folder follow, and DEL knows them when they are gone", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0"));
      host.put("n1/10-tuning.conf", { type: "tuning", mtu: 1400 });
      host.put("n1/20-portmap.conf", { type: "portmap", capabilities: { portMappings: true } });
      const before = host.state();
      const CAP_ARGS = '{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"}]}';
      expect(host.cni("add n1 a", { env: { CAP_ARGS } }).code).toBe(0);
      expect(host.box.sh("ip -n a -j link show eth0")).toContain('"mtu":1400');
      host.box.sh("rm -r /run/net.d/n1");
      expect(host.cni("del n1 a")).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(host.state()).toBe(before);
    });

    test("a network by its file, keys in any case, unknown ones kept", async () => {
      using host = await open();
      host.put("deep/x.conflist", {
        cniVersion: "1.0.0",
        name: "n1",
        plugins: [
          {
            TYPE: "bridge",
            BRIDGE: "br9",
            IsGateway: true,
            unheard: 12345678901234567890n.toString(),
            IPAM: { Type: "host-local", SUBNET: "10.7.0.0/24" },
          },
        ],
      });
      expect(host.cni("add /run/net.d/deep/x.conflist a").stdout).toContain("10.7.0.2/24");
      expect(host.cni("del n1 a").code).toBe(0);
    });
  });

  describe("commands at the same time", () => {
    test("on one container take turns, also with GC", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0"));
      const before = host.state();
      // One ADD wins; every other comes too late, and takes nothing away from it.
      const said = host.box.sh(
        `set +e; export CNI_PATH=${DEBIAN} NETCONFPATH=/run/net.d; for i in 1 2 3 4 5; do ` +
          `(${executable} cni add n1 a >/dev/null 2>&1; echo add $?) & (${executable} cni gc n1 2>/dev/null; echo gc $?) & done; wait`,
      );
      expect(said.trim().split("\n").toSorted()).toEqual([
        "add 0",
        ...Array.from({ length: 4 }, () => "add 8"),
        ...Array.from({ length: 5 }, () => "gc 0"),
      ]);
      expect(host.cni("check n1 a")).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(host.cni("del n1 a").code).toBe(0);
      expect(host.state()).toBe(before);
    });

    test("on many containers give each an address of its own", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0"));
      host.box.sh("for i in $(seq 20); do ip netns add p$i; done");
      host.box.sh(
        `export CNI_PATH=${DEBIAN} NETCONFPATH=/run/net.d; for i in $(seq 20); do ${executable} cni add n1 p$i >/dev/null & done; wait`,
      );
      const { attachments } = JSON.parse(host.cni("ls -o json").stdout) as {
        readonly attachments: readonly { readonly addresses: readonly string[]; readonly state: string }[];
      };
      expect(attachments.map(({ state }) => state)).toEqual(Array.from({ length: 20 }, () => "up"));
      expect(new Set(attachments.flatMap(({ addresses }) => addresses)).size).toBe(20);
      expect(host.cni("gc n1 --all")).toMatchObject({ code: 0, stderr: "20 attachments removed\n" });
      expect(host.cni("ls -o name").stdout).toBe("");
    });
  });

  test("the namespace of a process is entered at DEL only if it is the one of ADD", async () => {
    using host = await open();
    host.put("10-n1.conflist", chain("1.0.0"));
    const said = host.box.sh(
      `export CNI_PATH=${DEBIAN} NETCONFPATH=/run/net.d; unshare -n sleep 60 & pid=$!; sleep 0.2; ` +
        `${executable} cni add n1 /proc/$pid/ns/net >/dev/null; ${executable} cni ls; ` +
        // What a later process with that number would have: an interface of the same name.
        `nsenter -t $pid -n ip link set eth0 address 02:00:00:00:00:01; ${executable} cni ls; ` +
        `${executable} cni gc n1 --all; nsenter -t $pid -n ip -br link show eth0; kill $pid`,
    );
    const [, up = "", , gone = "", link = ""] = said.split("\n");
    expect(up).toContain(" up ");
    expect(gone).toContain(" gone ");
    expect(link).toStartWith("eth0");
    expect(host.box.sh("ls /var/lib/cni/results")).toBe("");
  });

  describe("ADD that is stopped in the middle", () => {
    const stopping = (name: string): string =>
      `netloom: ${name}: stopping, and undoing it, when the plugin has ended; once more ends it at once, and leaves that to 'netloom cni del'\n`;
    /** A plugin that takes its time, and says that it has begun. */
    const slow = (host: RuntimeHost, result = "{}"): void => {
      host.put(
        "../slow/slow",
        `#!/bin/sh
         trap "" HUP INT TERM
         [ $CNI_COMMAND = ADD ] || exit 0
         echo >/run/slow/begun
         until [ -e /run/slow/go ]; do sleep 0.05; done
         echo '${result}'`,
      );
      host.box.sh("chmod +x /run/slow/slow");
    };
    const stopped = (path: string, program: string, signals: string): string =>
      `set +e; export CNI_PATH=${path}:/run/slow NETCONFPATH=/run/net.d; ${program} 2>&1 & ` +
      `until [ -e /run/slow/begun ]; do sleep 0.05; done; ${signals}; echo > /run/slow/go; wait $!; echo $?`;

    test.each([
      ["TERM", 143],
      ["INT", 130],
      ["HUP", 129],
    ])("is undone: SIG%s", async (signal, code) => {
      using host = await open();
      slow(host);
      host.put("10-n1.conflist", chain("1.0.0", { type: "slow" }));
      const before = host.state();
      const said = host.box.sh(stopped(DEBIAN, `${executable} cni add n1 a`, `kill -${signal} $!`));
      expect(said).toBe(`${stopping(`SIG${signal}`)}ADD failed; DEL was sent to undo it: bridge, slow\n${code}\n`);
      expect(host.state()).toBe(before);
    });

    test("by the name cnitool, too", async () => {
      using host = await open();
      slow(host);
      host.box.sh(`ln -s ${executable} /run/cnitool`);
      host.put("10-n1.conflist", chain("1.0.0", { type: "slow" }));
      const before = host.state();
      const said = host.box.sh(stopped(DEBIAN, "/run/cnitool add n1 /run/netns/a", "kill -TERM $!"));
      expect(said).toBe(`${stopping("SIGTERM")}ADD failed; DEL was sent to undo it: bridge, slow\n143\n`);
      expect(host.state()).toBe(before);
    });

    test("while a plugin of netloom waits for another's addresses", async () => {
      using host = await open();
      slow(host, '{"ips":[{"address":"10.7.0.9/24"}]}');
      host.put("10-n1.conflist", {
        cniVersion: "1.0.0",
        name: "n1",
        plugins: [{ type: "bridge", bridge: "br9", ipam: { type: "slow" } }, { type: "tuning" }],
      });
      const before = host.state();
      const said = host.box.sh(stopped(ours?.path ?? "", `${executable} cni add n1 a`, "kill -TERM $!"));
      expect(said).toEndWith("\n143\n");
      expect(host.state()).toBe(before);
    });

    test("goes on when the terminal goes that nohup has taken it off", async () => {
      using host = await open();
      slow(host);
      host.put("10-n1.conflist", chain("1.0.0", { type: "slow" }));
      const said = host.box.sh(stopped(DEBIAN, `nohup ${executable} cni add n1 a >/run/out`, "kill -HUP $!"));
      expect(said).toBe("0\n");
      expect(host.cni("del n1 a", { env: { CNI_PATH: `${DEBIAN}:/run/slow` } }).code).toBe(0);
    });

    test("and ended by a second signal leaves the rest to DEL", async () => {
      using host = await open();
      slow(host);
      host.put("10-n1.conflist", chain("1.0.0", { type: "slow" }));
      const before = host.state();
      // The second one comes later than an echo of the first would.
      const twice = "kill -TERM $!; sleep 0.5; kill -TERM $!; wait $!; echo $?";
      expect(host.box.sh(stopped(DEBIAN, `${executable} cni add n1 a`, twice))).toBe(
        `${stopping("SIGTERM")}143\n143\n`,
      );
      const env = { CNI_PATH: `${DEBIAN}:/run/slow` };
      expect(host.cni("del n1 a", { env })).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(host.state()).toBe(before);
    });
  });

  test("an ADD that is refused takes nothing away from the attachment that has the interface", async () => {
    using host = await open();
    host.put("10-n1.conflist", chain("1.0.0"));
    host.put("20-n2.conflist", { ...chain("1.0.0"), name: "n2" });
    expect(host.cni("add n1 a").code).toBe(0);
    const before = host.box.sh("ip -n a -o addr");
    const other = host.cni("add n2 a");
    expect([other.code, other.stderr]).toEqual([
      8,
      expect.stringContaining(
        `${idOfA} is attached to network n1 as eth0 already\n  name another interface, or send DEL`,
      ),
    ]);
    expect(host.cni("check n1 a")).toEqual({ code: 0, stdout: "", stderr: "" });
    // Nor where it is not known any more what it was.
    host.box.sh(`truncate -s 20 /var/lib/cni/results/n1-${idOfA}-eth0`);
    expect(host.cni("add n1 a").stderr).toContain("remembers that ADD, and cannot be read: ");
    expect(host.box.sh("ip -n a -o addr")).toBe(before);
    expect(host.cni("del n1 a").code).toBe(0);
    expect(host.cni("add n2 a").code).toBe(0);
  });

  describe("ADD whose result cannot be written is undone", () => {
    test.each([
      ["to a full disk", "exec 4>/dev/full", "No space left on device (ENOSPC from write)"],
      [
        "for a reader that has gone",
        "mkfifo /run/fifo; (exec 3</run/fifo) & exec 4>/run/fifo; wait",
        "Broken pipe (EPIPE from write)",
      ],
    ])("%s", async (_, opening, why) => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0"));
      const before = host.state();
      const said = host.box.sh(
        `${opening}; export CNI_PATH=${DEBIAN} NETCONFPATH=/run/net.d; set +e; ${executable} cni add n1 a 2>&1 >&4; echo $?`,
      );
      expect(said).toBe(
        `ADD failed; DEL was sent to undo it: bridge\nnetloom: cannot write the result to standard output: ${why}\n  an ADD whose result nobody gets is undone\n1\n`,
      );
      expect(host.state()).toBe(before);
      expect(host.cni("ls -o name").stdout).toBe("");
    });

    test("by the name cnitool, too", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0"));
      const before = host.state();
      const said = host.box.sh(
        `ln -s ${executable} /run/cnitool; export CNI_PATH=${DEBIAN} NETCONFPATH=/run/net.d; set +e; /run/cnitool add n1 /run/netns/a 2>&1 >/dev/full; echo $?`,
      );
      expect(said).toMatch(/^ADD failed; DEL was sent to undo it: bridge\ncannot write the result .*\n1\n$/);
      expect(host.state()).toBe(before);
    });

    test("but not where it is only people who cannot be told something", async () => {
      using host = await open();
      host.put("05-bad.conflist", "{");
      host.put("10-n1.conflist", chain("1.0.0"));
      const to = (words: string): string =>
        host.box.sh(`export CNI_PATH=${DEBIAN} NETCONFPATH=/run/net.d; ${executable} cni ${words}`);
      expect(to("add n1 a 2>/dev/full")).toContain("10.7.0.2/24");
      expect(to("del n1 a 2>/dev/full")).toBe("");
    });
  });

  describe("STATUS and GC from 1.1.0 on", () => {
    test("plugins that are too old for the list say so", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.1.0"));
      const said = host.cni("status n1");
      expect(said.code).toBe(1);
      expect(said.stderr).toStartWith('netloom: plugin type="bridge" failed (status): ');
      expect(host.cni("version n1").stdout).toMatch(/bridge +no /);
    });

    test("GC does nothing while it cannot tell what is valid", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0"));
      expect(host.cni("add n1 a").code).toBe(0);
      host.box.sh("echo '{' >/var/lib/cni/results/n1-cnitool-other-eth0; ip netns delete a");
      const said = host.cni("gc n1");
      expect(said.code).toBe(2);
      expect(said.stderr).toContain("/var/lib/cni/results/n1-cnitool-other-eth0 does not say whose attachment");
      expect(host.cni("ls -o name").stdout).toBe(`n1/${idOfA}/eth0\n`);
      expect(host.cni("gc n1 --keep cnitool-other --yes").code).toBe(0);
      expect(host.cni("ls -o name").stdout).toBe("");
    });

    test("disableGC and disableCheck are obeyed", async () => {
      using host = await open();
      host.put("10-n1.conflist", { ...chain("1.0.0"), disableGC: true, disableCheck: "true" });
      expect(host.cni("add n1 a").code).toBe(0);
      expect(host.cni("gc n1 --all").code).toBe(0);
      expect(host.cni("ls -o name").stdout).toBe(`n1/${idOfA}/eth0\n`);
      host.box.sh("ip -n a link delete eth0");
      expect(host.cni("check n1 a").code).toBe(0);
      expect(host.cni("ls").stdout).toContain("missing");
    });
  });

  describe("explain", () => {
    test("prints what ADD then does, and does nothing", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0", { type: "tuning", mtu: 1400 }));
      const before = [host.state(), host.box.sh("ip -j addr; nft list ruleset; find /var/lib/cni")];
      const said = host.cni("explain n1 a");
      expect([said.stderr, said.code]).toEqual(["", 0]);
      expect([host.state(), host.box.sh("ip -j addr; nft list ruleset; find /var/lib/cni")]).toEqual(before);
      expect(said.stdout).toContain(`# bridge: ${DEBIAN}/bridge would be executed; shown is what netloom's does\n`);
      expect(said.stdout).toMatch(/\nip -n host link add name br9 .*type bridge\n/);
      expect(said.stdout).toContain("\nip -n pod addr add 10.7.0.2/24 ");
      expect(said.stdout).toContain("\nip -n pod link set dev eth0 mtu 1400\n");
      const result = JSON.parse(said.stdout.slice(said.stdout.indexOf("# result\n") + "# result\n".length)) as Result;
      const added = JSON.parse(host.cni("add n1 a").stdout) as Result;
      expect(result.ips).toEqual(added.ips);
      expect(result.interfaces.map(({ name }) => name.slice(0, 4))).toEqual(["br9", "veth", "eth0"]);
    });

    test("shows what iptables would be told, and does not tell it", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0", { type: "firewall", backend: "iptables" }));
      const said = host.cni("explain n1 a");
      expect([said.stderr, said.code]).toEqual(["", 0]);
      expect(said.stdout).toContain("\n# note: iptables -t filter -N CNI-FORWARD\n");
      expect(host.box.sh("nft list ruleset; cat /proc/net/ip_tables_names 2>/dev/null || true")).toBe("");
    });

    test("sees this host's bridge, or an empty host", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0"));
      host.box.sh("ip link add br9 type bridge; ip addr add 10.7.0.1/24 dev br9; ip link set br9 up");
      expect(host.cni("explain n1 a").stdout).not.toContain("link add name br9");
      expect(host.cni("explain n1 a --empty-host").stdout).toContain("link add name br9");
    });

    test("needs no privilege", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0"));
      host.box.sh(`cp ${executable} /run/netloom; ip link add br9 type bridge`);
      const said = host.box.try(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/run/netloom", "cni", "explain", "n1", "a"],
        { env: { CNI_PATH: DEBIAN, NETCONFPATH: "/run/net.d", HOME: "/", XDG_RUNTIME_DIR: "/nonexistent" } },
      );
      expect([said.stderr, said.code]).toEqual(["", 0]);
      expect(said.stdout).toContain("\nip -n pod addr add 10.7.0.2/24 ");
      expect(said.stdout).not.toContain("link add name br9");
    });

    test("tells of keys that nobody reads and that look like one that is read", async () => {
      using host = await open();
      const misspelt = { type: "tuning", mtuu: 1400, color: "red", sysctl: { "net.ipv4.conf.IFNAME.arp_filter": "1" } };
      host.put("10-n1.conflist", chain("1.0.0", misspelt));
      const said = host.cni("explain n1 a");
      expect([said.stderr, said.code]).toEqual(["", 0]);
      expect(said.stdout.split("\n").filter((line) => line.includes("reads"))).toEqual([
        "# note: nobody reads mtuu; did you mean mtu?",
      ]);
    });

    test("a misspelt plugin is told which one is meant, by ADD too", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0", { type: "tunning" }));
      for (const verb of ["explain", "add"])
        expect(host.cni(`${verb} n1 a`).stderr).toEndWith("; did you mean tuning?\n");
    });

    test("stops where all depends on a plugin that is not netloom's", async () => {
      using host = await open();
      host.box.sh("mkdir /run/own; printf '#!/bin/sh\\n' >/run/own/mine; chmod +x /run/own/mine");
      const plugins = [{ type: "mine" }, { type: "tuning", mtu: 1400 }];
      host.put("10-n1.conflist", { cniVersion: "1.0.0", name: "n1", plugins });
      const said = host.cni(`explain n1 a --path /run/own:${DEBIAN}`);
      expect(said.stderr).toContain("cannot explain further: what plugin mine would answer is its own");
      expect(said.stdout).not.toContain("tuning");
    });

    test("stops where a plugin that is not netloom's is missing", async () => {
      using host = await open();
      host.put("10-n1.conflist", chain("1.0.0", { type: "nonesuch" }));
      const said = host.cni("explain n1 a -o json");
      expect(said.code).toBe(1);
      expect(said.stderr).toContain("nonesuch");
      const { steps, error } = JSON.parse(said.stdout) as {
        readonly steps: readonly object[];
        readonly error: { readonly code: number };
      };
      expect(error.code).toBe(102);
      expect(steps.at(-1)).toMatchObject({ kind: "plugin", type: "nonesuch", how: "missing", likeOurs: false });
    });
  });
}

interface Result {
  readonly ips: unknown;
  readonly interfaces: readonly { readonly name: string }[];
}
