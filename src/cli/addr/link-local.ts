import { command } from "../command.ts";
import { output } from "../shared-flags.ts";

export const linkLocal = command({
  name: "addr link-local",
  about: "print the IPv6 link-local address of a MAC",
  args: "MAC...",
  completes: "none",
  flags: { output },
  examples: [
    ["addr link-local 00:00:00:01:01:01", "fe80::200:ff:fe01:101"],
    ["addr link-local -o name 00:00:00:01:01:01 00:00:00:01:01:02", "of two, and nothing else"],
  ],
  notes: "It is what the kernel gives an interface whose addrgenmode is eui64 (RFC 4291 appendix A).",
  run: async ({ args, flags, terminal }) => {
    const { eui64Ip, linkLocalPrefix, parseMac } = await import("../../values/index.ts");
    const { print } = await import("./print.ts");
    const { atLeast } = await import("./only.ts");
    const macs = atLeast(args, 1, "MAC", "netloom addr link-local 00:00:00:01:01:01").map(parseMac);
    const addresses = macs.map((mac) => ({ mac, address: eui64Ip(linkLocalPrefix, mac) }));
    const view = {
      columns: [{ key: "mac" }, { key: "address" }],
      rows: addresses,
      data: { addresses },
      names: addresses.map(({ address }) => address),
    };
    await print(terminal, view, flags.output);
  },
});
