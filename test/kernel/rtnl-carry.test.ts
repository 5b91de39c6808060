/** Links of one kind in two namespaces carry packets. Between them is a wire with addresses of both families. */
import { describe, test } from "bun:test";
import { NetlinkSocket } from "../../src/netlink/index.ts";
import { openNetns } from "../../src/netns/index.ts";
import { type LinkAdd, addLink, delLink, getLink } from "../../src/rtnl/index.ts";
import { inside } from "../../src/sys/index.ts";
import { type Ip, parseIp } from "../../src/values/index.ts";
import { indexOf, lacks, option, socket } from "./rtnl-witness.ts";

function sh(script: string): void {
  const { success, stderr, stdout } = Bun.spawnSync(["sh", "-ec", script], { stdin: "ignore" });
  if (!success) throw new Error(`${script}: ${stdout.toString()}${stderr.toString()}`);
}

sh(`ip netns add far; ip link add near type veth peer name far0 netns far; ip link set near up; ip -n far link set far0 up
  ip addr add 192.0.2.1/24 dev near; ip addr add 2001:db8::1/64 dev near nodad
  ip -n far addr add 192.0.2.2/24 dev far0; ip -n far addr add 2001:db8::2/64 dev far0 nodad`);
const there = inside(openNetns("far"), () => new NetlinkSocket());

/** What a link needs to know at one end of the wire. */
interface End {
  readonly four: { readonly local: Ip; readonly remote: Ip };
  readonly six: { readonly local: Ip; readonly remote: Ip };
  /** The wire's index. */
  readonly wire: number;
}

const four = [parseIp("192.0.2.1"), parseIp("192.0.2.2")] as const;
const six = [parseIp("2001:db8::1"), parseIp("2001:db8::2")] as const;
const ends: readonly [End, End] = [
  { four: { local: four[0], remote: four[1] }, six: { local: six[0], remote: six[1] }, wire: indexOf("near") },
  {
    four: { local: four[1], remote: four[0] },
    six: { local: six[1], remote: six[0] },
    wire: there.ask(getLink({ name: "far0" }))?.index ?? 0,
  },
];

/** Families inside are 4 and 6 unless told. */
const carriers: readonly { readonly link: (end: End) => LinkAdd; readonly families?: readonly (4 | 6)[] }[] = [
  { link: ({ wire }) => ({ kind: "vlan", name: "k0", lower: wire, data: { id: 7 } }) },
  { link: ({ wire }) => ({ kind: "vlan", name: "k0", lower: wire, data: { id: 8, protocol: "802.1ad" } }) },
  { link: ({ four: at }) => ({ kind: "ipip", name: "k0", data: { ...at, ttl: 64 } }), families: [4] },
  { link: ({ four: at }) => ({ kind: "sit", name: "k0", data: { ...at, ttl: 64 } }), families: [6] },
  { link: ({ six: at }) => ({ kind: "ip6tnl", name: "k0", data: { ...at, ttl: 64 } }) },
  { link: ({ four: at }) => ({ kind: "gre", name: "k0", data: { ...at, ttl: 64 } }) },
  { link: ({ four: at }) => ({ kind: "gretap", name: "k0", data: { ...at, ttl: 64 } }) },
  { link: ({ six: at }) => ({ kind: "ip6gre", name: "k0", data: { ...at, ttl: 64 } }) },
  { link: ({ six: at }) => ({ kind: "ip6gretap", name: "k0", data: { ...at, ttl: 64 } }) },
  { link: ({ four: { remote } }) => ({ kind: "geneve", name: "k0", data: { id: 9, remote } }) },
  {
    link: ({ six: { remote } }) => ({
      kind: "geneve",
      name: "k0",
      data: { id: 9, remote6: remote, udpZeroCsum6Tx: true, udpZeroCsum6Rx: true },
    }),
  },
];

describe("a link carries", () => {
  carriers.forEach(({ link, families = [4, 6] }, index) => {
    const add = link(ends[0]);
    const lacking = lacks(() => {
      socket.run(addLink(add));
      socket.run(delLink({ name: "k0" }));
    });
    test.skipIf(lacking)(`${index} ${add.kind} (needs ${option[add.kind]})`, () => {
      socket.run(addLink(add));
      there.run(addLink(link(ends[1])));
      sh(`ip addr add 10.9.0.1/24 dev k0; ip addr add fd09::1/64 dev k0 nodad; ip link set k0 up
        ip -n far addr add 10.9.0.2/24 dev k0; ip -n far addr add fd09::2/64 dev k0 nodad; ip -n far link set k0 up`);
      if (families.includes(4)) sh("ping -n -c 1 -W 20 10.9.0.2");
      if (families.includes(6)) sh("ping -n -c 1 -W 20 fd09::2");
      socket.run(delLink({ name: "k0" }));
      there.run(delLink({ name: "k0" }));
    });
  });
});
