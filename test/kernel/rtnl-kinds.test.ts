import { describe, expect, test } from "bun:test";
import { type LinkAdd, addLink, delLink, getLink } from "../../src/rtnl/index.ts";
import { parseIp } from "../../src/values/index.ts";
import { lacks, one, option, pair, socket } from "./rtnl-witness.ts";

const under = pair("under");
const v4 = { local: parseIp("192.0.2.1"), remote: parseIp("192.0.2.2") } as const;
const v6 = { local: parseIp("2001:db8::1"), remote: parseIp("2001:db8::2") } as const;

/** Each kind once, with what ip must show of it. */
const made: readonly { readonly add: LinkAdd; readonly shows: Readonly<Record<string, unknown>> }[] = [
  { add: { kind: "dummy", name: "k0" }, shows: {} },
  { add: { kind: "ifb", name: "k0" }, shows: {} },
  { add: { kind: "vrf", name: "k0", data: { table: 77 } }, shows: { table: 77 } },
  {
    add: {
      kind: "bridge",
      name: "k0",
      data: { ageingTime: 0, stpState: 0, mcastSnooping: false, forwardDelay: 400, priority: 4096 },
    },
    shows: { ageing_time: 0, mcast_snooping: 0, forward_delay: 400, priority: 4096 },
  },
  {
    add: {
      kind: "vxlan",
      name: "k0",
      lower: under,
      data: { id: 100, local: v4.local, port: 4789, learning: false, ttl: 64, portRange: [32768, 61000], gbp: true },
    },
    shows: { id: 100, local: "192.0.2.1", port: 4789, learning: false, ttl: 64, gbp: true, link: "under" },
  },
  {
    add: {
      kind: "vxlan",
      name: "k0",
      data: { id: 101, local6: v6.local, port: 8472, ttlInherit: true, udpZeroCsum6Tx: true },
    },
    shows: { id: 101, local6: "2001:db8::1", port: 8472, udp_zero_csum6_tx: true },
  },
  {
    add: { kind: "vxlan", name: "k0", data: { collectMetadata: true, vniFilter: true, port: 4788 } },
    shows: { external: true, vnifilter: true, port: 4788 },
  },
  { add: { kind: "macvlan", name: "k0", lower: under, data: { mode: "bridge" } }, shows: { mode: "bridge" } },
  {
    add: { kind: "ipvlan", name: "k0", lower: under, data: { mode: "l3", flags: "private" } },
    shows: { mode: "l3", private: true },
  },
  {
    add: { kind: "vlan", name: "k0", lower: under, data: { id: 7, protocol: "802.1q" } },
    shows: { id: 7, protocol: "802.1Q" },
  },
  {
    add: { kind: "ip6tnl", name: "k0", lower: under, data: { ...v6, ttl: 9 } },
    shows: { remote: "2001:db8::2", ttl: 9 },
  },
  {
    add: { kind: "ipip", name: "k0", lower: under, data: { ...v4, ttl: 9, pmtuDisc: 1 } },
    shows: { remote: "192.0.2.2", ttl: 9 },
  },
  { add: { kind: "sit", name: "k0", data: { ...v4, ttl: 9, pmtuDisc: 1 } }, shows: { remote: "192.0.2.2", ttl: 9 } },
  { add: { kind: "gre", name: "k0", data: { ...v4, ttl: 9, pmtuDisc: 1 } }, shows: { remote: "192.0.2.2", ttl: 9 } },
  { add: { kind: "gretap", name: "k0", data: { collectMetadata: true } }, shows: { external: true } },
  { add: { kind: "ip6gre", name: "k0", data: { ...v6, ttl: 9 } }, shows: { remote: "2001:db8::2" } },
  { add: { kind: "ip6gretap", name: "k0", data: { ...v6, ttl: 9 } }, shows: { remote: "2001:db8::2" } },
  { add: { kind: "geneve", name: "k0", data: { id: 9, remote: v4.remote } }, shows: { id: 9, remote: "192.0.2.2" } },
];

describe("link kinds", () => {
  made.forEach(({ add, shows }, index) => {
    const lacking = lacks(() => {
      socket.run(addLink(add));
      socket.run(delLink({ name: add.name }));
    });
    test.skipIf(lacking)(`${index} ${add.kind}: ip shows what was asked for (needs ${option[add.kind]})`, () => {
      socket.run(addLink(add));
      const seen = one(add.name);
      const link = socket.ask(getLink({ name: add.name }));
      socket.run(delLink({ name: add.name }));
      expect(seen.linkinfo?.info_kind).toBe(add.kind);
      expect(seen.linkinfo?.info_data ?? {}).toMatchObject(shows);
      expect(link).toMatchObject({ kind: add.kind, name: add.name, mtu: seen.mtu });
      // What the kernel answers holds what was asked for.
      if (add.data !== undefined) expect(link?.data).toMatchObject(add.data as Record<string, unknown>);
      if (link?.mac !== undefined) expect<string>(link.mac).toBe(seen.address);
    });
  });
});
