import { expect, test } from "bun:test";
import type { Call, Plugin, Work } from "../cni/index.ts";
import { NetlinkError } from "../netlink/index.ts";
import { callWith } from "./_call-fixture.ts";
import { bridge } from "./bridge/main.ts";
import { firewall } from "./firewall/main.ts";
import { portmap } from "./portmap/main.ts";
import { ptp } from "./ptp/main.ts";

/** A host whose kernel makes all links, of which there are none yet, and knows no nf_tables: nfnetlink answers EINVAL. */
const kernel = {
  run: () => undefined,
  link: () => undefined,
  sysctl: () => undefined,
  ruleOwners(): never {
    throw new NetlinkError("list chains", { errno: 22, sentence: undefined } as never);
  },
};
const work = { kernel, delegate: () => undefined } as unknown as Work;
const status = async <C>(plugin: Plugin<C>, call: Call): Promise<void> =>
  plugin.status?.(plugin.parse(call), call, work);

test.each([
  ["portmap", portmap, {}, "INET"],
  ["firewall", firewall, { backend: "nftables" }, "INET"],
  ["bridge with ipMasq", bridge, { ipMasq: true }, "INET"],
  ["bridge with macspoofchk", bridge, { macspoofchk: true }, "BRIDGE"],
  ["ptp with ipMasq", ptp, { ipMasq: true, ipam: { type: "host-local" } }, "INET"],
] as const)("STATUS of %s names what the kernel lacks", async (_, plugin, conf, family) => {
  const failure: unknown = await status(plugin as Plugin<unknown>, callWith(conf, { command: "STATUS" })).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({
    code: 50,
    message: "not ready: the kernel does not answer for nf_tables",
    details: expect.stringContaining(`CONFIG_NF_TABLES and CONFIG_NF_TABLES_${family}`) as string,
  });
});

test("STATUS of who makes no rules does not ask for them", async () => {
  await status(bridge as Plugin<unknown>, callWith({}, { command: "STATUS" }));
  await status(ptp as Plugin<unknown>, callWith({ ipam: { type: "host-local" } }, { command: "STATUS" }));
});
