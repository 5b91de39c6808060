import { afterAll, expect, test } from "bun:test";
import { type Wish, diff, printOp } from "../../src/change/index.ts";
import { RealKernel } from "../../src/kernel/index.ts";
import { parseIfName, parsePrefix } from "../../src/values/index.ts";

const kernel = new RealKernel();
afterAll(() => kernel[Symbol.dispose]());

const wish: Wish = {
  owner: "netloom:tuntest",
  namespaces: [
    {
      name: "tun-a",
      links: [
        {
          spec: { kind: "tun", name: parseIfName("tun9"), data: { type: "tun" }, mtu: 1400, up: true },
          addrs: [{ prefix: parsePrefix("10.9.0.1/24") }],
        },
        {
          spec: {
            kind: "tun",
            name: parseIfName("tap9"),
            data: { type: "tap", vnetHdr: true },
            alias: "netloom:tuntest/tap9",
          },
        },
      ],
    },
  ],
};
const facts = () => kernel.facts({ namespaces: ["tun-a"] });

test("tun and tap devices are made by opening them, and ip sees them", () => {
  kernel.run(diff(wish, facts()));
  const shown = JSON.parse(Bun.spawnSync(["ip", "-n", "tun-a", "-j", "-d", "addr"]).stdout.toString()) as {
    readonly ifname: string;
    readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: Readonly<Record<string, unknown>> };
  }[];
  expect(shown.find(({ ifname }) => ifname === "tun9")).toMatchObject({
    mtu: 1400,
    linkinfo: { info_kind: "tun", info_data: { type: "tun", persist: true, pi: false } },
    addr_info: [{ local: "10.9.0.1", prefixlen: 24 }],
  });
  expect(shown.find(({ ifname }) => ifname === "tap9")).toMatchObject({
    ifalias: "netloom:tuntest/tap9",
    linkinfo: { info_kind: "tun", info_data: { type: "tap", vnet_hdr: true } },
  });
});

test("the same wish again is no op", () => {
  expect(diff(wish, facts())).toEqual([]);
});

test("the printed op is a command that ip obeys", () => {
  const [op] = diff(wish, new Map()).filter((each) => each.do === "link.add" && each.link.name === "tap9");
  if (op === undefined) throw new TypeError("no op makes tap9");
  const text = printOp(op).replaceAll("-n tun-a", "-n tun-b");
  expect(text).toBe(
    "ip -n tun-b tuntap add dev tap9 mode tap vnet_hdr && ip -n tun-b link set dev tap9 alias netloom:tuntest/tap9",
  );
  kernel.run([{ do: "netns.create", netns: "tun-b", owner: "netloom:tuntest", hostname: "tun-b" }]);
  expect(Bun.spawnSync(["sh", "-c", text]).exitCode).toBe(0);
});
