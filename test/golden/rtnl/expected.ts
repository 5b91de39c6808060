import { expect } from "bun:test";

/** What the captured requests say, in the order of their files: message, family header, attributes. Rate tables are left to the comparison of bytes. */
export interface Expected {
  readonly message: string;
  readonly header: unknown;
  readonly attrs: unknown;
}

const links: readonly Expected[] = [
  // ip link add v0 mtu 1400 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02 mtu 1400
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      mtu: 1400,
      address: "02:00:00:00:00:01",
      name: "v0",
      linkInfo: {
        kind: "veth",
        data: {
          peer: {
            header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
            attrs: { address: "02:00:00:00:00:02", mtu: 1400, name: "v1" },
          },
        },
      },
    },
  },
  // ip link add v0 type veth peer name v1 netns x
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "v0",
      linkInfo: {
        kind: "veth",
        data: {
          peer: {
            header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
            attrs: { netnsFd: 4, name: "v1" },
          },
        },
      },
    },
  },
  // ip link add v0 netns x txqueuelen 100 numtxqueues 2 numrxqueues 3 type veth peer name v1
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      netnsFd: 4,
      txQueueLen: 100,
      numTxQueues: 2,
      numRxQueues: 3,
      name: "v0",
      linkInfo: {
        kind: "veth",
        data: {
          peer: { header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 }, attrs: { name: "v1" } },
        },
      },
    },
  },
  // ip link add br9 type bridge
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { name: "br9", linkInfo: { kind: "bridge" } },
  },
  // ip link add br9 type bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time 30000 stp_state 1 pr…
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "br9",
      linkInfo: {
        kind: "bridge",
        data: {
          forwardDelay: 1500,
          helloTime: 200,
          maxAge: 2000,
          ageingTime: 30000,
          stpState: 1,
          priority: 4096,
          vlanFiltering: true,
          vlanProtocol: "802.1ad",
          groupFwdMask: 8,
          groupAddr: "01:80:c2:00:00:0c",
          vlanDefaultPvid: 7,
          vlanStatsEnabled: true,
          vlanStatsPerPort: true,
          mcastRouter: 2,
          mcastSnooping: false,
          mcastQueryUseIfaddr: true,
          mcastQuerier: true,
          mcastHashElasticity: 16,
          mcastHashMax: 512,
          mcastLastMemberCount: 3,
          mcastStartupQueryCount: 4,
          mcastLastMemberInterval: 101n,
          mcastMembershipInterval: 26001n,
          mcastQuerierInterval: 25501n,
          mcastQueryInterval: 12501n,
          mcastQueryResponseInterval: 1001n,
          mcastStartupQueryInterval: 3126n,
          mcastStatsEnabled: true,
          mcastIgmpVersion: 3,
          mcastMldVersion: 2,
          nfCallIptables: true,
          nfCallIp6tables: false,
          nfCallArptables: true,
          multiBoolOpt: { value: 1, mask: 3 },
        },
      },
    },
  },
  // ip link add vx9 type vxlan id 100 remote 192.0.2.9 local 192.0.2.1 dev a0 ttl 64 tos 16 flowlabel 5 df set …
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "vx9",
      linkInfo: {
        kind: "vxlan",
        data: {
          link: 3,
          ttl: 64,
          tos: 22,
          label: 5,
          df: "set",
          ageing: 300,
          limit: 1000,
          portRange: [32768, 61000],
          proxy: true,
          rsc: true,
          l2miss: true,
          l3miss: true,
          udpCsum: false,
          udpZeroCsum6Tx: true,
          udpZeroCsum6Rx: true,
          id: 100,
          local: "192.0.2.1",
          group: "192.0.2.9",
          learning: false,
          port: 4789,
        },
      },
    },
  },
  // ip link add vx9 type vxlan id 100 group ff05::100 local 2001:db8::1 dev a0 ttl inherit dstport 8472 gbp lea…
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "vx9",
      linkInfo: {
        kind: "vxlan",
        data: {
          link: 3,
          ttlInherit: true,
          gbp: true,
          id: 100,
          local6: "2001:db8::1",
          group6: "ff05::100",
          learning: true,
          port: 8472,
        },
      },
    },
  },
  // ip link add vx9 type vxlan external vnifilter dstport 4789 gpe
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "vx9",
      linkInfo: {
        kind: "vxlan",
        data: { collectMetadata: true, vniFilter: true, gpe: true, learning: false, port: 4789 },
      },
    },
  },
  // ip link add mv0 link a0 type macvlan mode bridge
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "mv0", linkInfo: { kind: "macvlan", data: { mode: "bridge" } } },
  },
  // ip link add mv0 link a0 type macvlan mode private
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "mv0", linkInfo: { kind: "macvlan", data: { mode: "private" } } },
  },
  // ip link add mv0 link a0 type macvlan mode vepa
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "mv0", linkInfo: { kind: "macvlan", data: { mode: "vepa" } } },
  },
  // ip link add mv0 link a0 type macvlan mode passthru nopromisc bcqueuelen 2000
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      link: 3,
      name: "mv0",
      linkInfo: { kind: "macvlan", data: { bcQueueLen: 2000, mode: "passthru", flags: 1 } },
    },
  },
  // ip link set mv0 type macvlan macaddr set 02:00:00:00:00:01 02:00:00:00:00:02
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 6, flags: 0, change: 0 },
    attrs: {
      linkInfo: {
        kind: "macvlan",
        data: { macAddrMode: "set", macAddrData: ["02:00:00:00:00:01", "02:00:00:00:00:02"] },
      },
    },
  },
  // ip link add iv0 link a0 type ipvlan mode l2
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "iv0", linkInfo: { kind: "ipvlan", data: { mode: "l2", flags: "bridge" } } },
  },
  // ip link add iv0 link a0 type ipvlan mode l2 private
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "iv0", linkInfo: { kind: "ipvlan", data: { mode: "l2", flags: "private" } } },
  },
  // ip link add iv0 link a0 type ipvlan mode l2 vepa
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "iv0", linkInfo: { kind: "ipvlan", data: { mode: "l2", flags: "vepa" } } },
  },
  // ip link add iv0 link a0 type ipvlan mode l3 bridge
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "iv0", linkInfo: { kind: "ipvlan", data: { mode: "l3", flags: "bridge" } } },
  },
  // ip link add iv0 link a0 type ipvlan mode l3 private
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "iv0", linkInfo: { kind: "ipvlan", data: { mode: "l3", flags: "private" } } },
  },
  // ip link add iv0 link a0 type ipvlan mode l3 vepa
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "iv0", linkInfo: { kind: "ipvlan", data: { mode: "l3", flags: "vepa" } } },
  },
  // ip link add iv0 link a0 type ipvlan mode l3s bridge
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "iv0", linkInfo: { kind: "ipvlan", data: { mode: "l3s", flags: "bridge" } } },
  },
  // ip link add iv0 link a0 type ipvlan mode l3s private
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "iv0", linkInfo: { kind: "ipvlan", data: { mode: "l3s", flags: "private" } } },
  },
  // ip link add iv0 link a0 type ipvlan mode l3s vepa
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { link: 3, name: "iv0", linkInfo: { kind: "ipvlan", data: { mode: "l3s", flags: "vepa" } } },
  },
  // ip link add vl0 link a0 type vlan id 100 protocol 802.1ad reorder_hdr off gvrp on ingress-qos-map 1:2 egres…
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      link: 3,
      name: "vl0",
      linkInfo: {
        kind: "vlan",
        data: {
          id: 100,
          protocol: "802.1ad",
          ingressQos: [{ from: 1, to: 2 }],
          egressQos: [
            { from: 3, to: 4 },
            { from: 5, to: 6 },
          ],
          flags: { flags: 2, mask: 3 },
        },
      },
    },
  },
  // ip link add du0 type dummy
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { name: "du0", linkInfo: { kind: "dummy" } },
  },
  // ip link add if0 type ifb
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { name: "if0", linkInfo: { kind: "ifb" } },
  },
  // ip link add vrf0 type vrf table 10
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { name: "vrf0", linkInfo: { kind: "vrf", data: { table: 10 } } },
  },
  // ip link add t0 type ip6tnl local 2001:db8::1 remote 2001:db8::2 dev a0 mode any ttl 63 encaplimit none
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "t0",
      linkInfo: {
        kind: "ip6tnl",
        data: {
          proto: 0,
          local: "2001:db8::1",
          remote: "2001:db8::2",
          ttl: 63,
          encapLimit: 4,
          flowInfo: 0,
          flags: 1,
          link: 3,
          fwMark: 0,
          encapType: "none",
          encapFlags: 2,
          encapSport: 0,
          encapDport: 0,
        },
      },
    },
  },
  // ip link add t0 type ip6tnl external
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { name: "t0", linkInfo: { kind: "ip6tnl", data: { proto: 0, collectMetadata: true } } },
  },
  // ip link add t0 type ipip external
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { name: "t0", linkInfo: { kind: "ipip", data: { proto: 0, collectMetadata: true } } },
  },
  // ip link add t0 type sit external
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { name: "t0", linkInfo: { kind: "sit", data: { proto: 0, collectMetadata: true } } },
  },
  // ip link add t0 type gre external
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { name: "t0", linkInfo: { kind: "gre", data: { collectMetadata: true } } },
  },
  // ip link add t0 type ip6gre external
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { name: "t0", linkInfo: { kind: "ip6gre", data: { collectMetadata: true } } },
  },
  // ip link add t0 type ip6gretap external
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { name: "t0", linkInfo: { kind: "ip6gretap", data: { collectMetadata: true } } },
  },
  // ip link add t0 type ipip local 192.0.2.1 remote 192.0.2.2 dev a0 ttl 63 tos 8 pmtudisc
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "t0",
      linkInfo: {
        kind: "ipip",
        data: {
          proto: 0,
          local: "192.0.2.1",
          remote: "192.0.2.2",
          pmtuDisc: 1,
          tos: 8,
          ttl: 63,
          link: 3,
          fwMark: 0,
          encapType: "none",
          encapFlags: 0,
          encapSport: 0,
          encapDport: 0,
        },
      },
    },
  },
  // ip link add t0 type ipip local 192.0.2.1 remote 192.0.2.2 encap fou encap-sport 5555 encap-dport 6666 encap…
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "t0",
      linkInfo: {
        kind: "ipip",
        data: {
          proto: 0,
          local: "192.0.2.1",
          remote: "192.0.2.2",
          pmtuDisc: 1,
          tos: 0,
          ttl: 0,
          link: 0,
          fwMark: 0,
          encapType: "fou",
          encapFlags: 1,
          encapSport: 5555,
          encapDport: 6666,
        },
      },
    },
  },
  // ip link add t0 type sit local 192.0.2.1 remote any isatap 6rd-prefix 2001:db8::/32 6rd-relay_prefix 192.0.2…
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "t0",
      linkInfo: {
        kind: "sit",
        data: {
          proto: 0,
          local: "192.0.2.1",
          pmtuDisc: 1,
          tos: 0,
          ttl: 0,
          link: 0,
          fwMark: 0,
          encapType: "none",
          encapFlags: 0,
          encapSport: 0,
          encapDport: 0,
          flags: 1,
          sixRdPrefix: "2001:db8::",
          sixRdPrefixLength: 32,
          sixRdRelayPrefix: "192.0.2.0",
          sixRdRelayPrefixLength: 24,
        },
      },
    },
  },
  // ip link add t0 type gre local 192.0.2.1 remote 192.0.2.2 key 7 csum seq ttl 63
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "t0",
      linkInfo: {
        kind: "gre",
        data: {
          iKey: 7,
          oKey: 7,
          iFlags: 45056,
          oFlags: 45056,
          local: "192.0.2.1",
          remote: "192.0.2.2",
          pmtuDisc: 1,
          tos: 0,
          ttl: 63,
          fwMark: 0,
          encapType: "none",
          encapFlags: 0,
          encapSport: 0,
          encapDport: 0,
        },
      },
    },
  },
  // ip link add t0 type gretap external
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { name: "t0", linkInfo: { kind: "gretap", data: { collectMetadata: true } } },
  },
  // ip link add t0 type ip6gre local 2001:db8::1 remote 2001:db8::2 ikey 8 okey 9 encaplimit 3 flowlabel 0x12345
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "t0",
      linkInfo: {
        kind: "ip6gre",
        data: {
          iKey: 8,
          oKey: 9,
          iFlags: 8192,
          oFlags: 8192,
          local: "2001:db8::1",
          remote: "2001:db8::2",
          ttl: 64,
          encapLimit: 3,
          flowInfo: 74565,
          flags: 0,
          fwMark: 0,
          erspanVersion: 1,
          encapType: "none",
          encapFlags: 2,
          encapSport: 0,
          encapDport: 0,
        },
      },
    },
  },
  // ip link add t0 type ip6gretap local 2001:db8::1 remote 2001:db8::2 dev a0
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "t0",
      linkInfo: {
        kind: "ip6gretap",
        data: {
          iKey: 0,
          oKey: 0,
          iFlags: 0,
          oFlags: 0,
          local: "2001:db8::1",
          remote: "2001:db8::2",
          link: 3,
          ttl: 64,
          encapLimit: 4,
          flowInfo: 0,
          flags: 0,
          fwMark: 0,
          erspanVersion: 1,
          encapType: "none",
          encapFlags: 2,
          encapSport: 0,
          encapDport: 0,
        },
      },
    },
  },
  // ip link add g0 type geneve id 77 remote 192.0.2.2 ttl 5 tos 4 df inherit dstport 6081 udpcsum
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "g0",
      linkInfo: {
        kind: "geneve",
        data: { df: "inherit", id: 77, remote: "192.0.2.2", label: 0, ttl: 5, tos: 4, port: 6081, udpCsum: true },
      },
    },
  },
  // ip link add g0 type geneve id 77 remote 2001:db8::2 ttl inherit flowlabel 9 udp6zerocsumtx noudp6zerocsumrx
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "g0",
      linkInfo: {
        kind: "geneve",
        data: {
          ttlInherit: true,
          id: 77,
          remote6: "2001:db8::2",
          label: 9,
          ttl: 0,
          tos: 0,
          udpZeroCsum6Tx: true,
          udpZeroCsum6Rx: false,
        },
      },
    },
  },
  // ip link add g0 type geneve external innerprotoinherit
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: {
      name: "g0",
      linkInfo: {
        kind: "geneve",
        data: { id: 0, label: 0, ttl: 0, tos: 0, collectMetadata: true, innerProtoInherit: true },
      },
    },
  },
  // ip link add br9 master vrf0 type bridge
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 0, flags: 0, change: 0 },
    attrs: { master: 6, name: "br9", linkInfo: { kind: "bridge" } },
  },
  // ip link set a0 up mtu 1300 address 02:00:00:00:00:0c txqueuelen 500
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 3, flags: 1, change: 1 },
    attrs: { mtu: 1300, address: "02:00:00:00:00:0c", txQueueLen: 500 },
  },
  // ip link set a0 down arp off promisc on allmulticast off
  { message: "newlink", header: { family: 0, pad: 0, type: 0, index: 3, flags: 384, change: 897 }, attrs: {} },
  // ip link set a0 name eth7
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 3, flags: 0, change: 0 },
    attrs: { name: "eth7" },
  },
  // ip link set a0 alias owned-by-netloom
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 3, flags: 0, change: 0 },
    attrs: { alias: "owned-by-netloom" },
  },
  // ip link set a0 addrgenmode none
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 3, flags: 0, change: 0 },
    attrs: { afSpec: { inet6: { addrGenMode: "none" } } },
  },
  // ip link set a0 master br0
  { message: "newlink", header: { family: 0, pad: 0, type: 0, index: 3, flags: 0, change: 0 }, attrs: { master: 4 } },
  // ip link set a0 nomaster
  { message: "newlink", header: { family: 0, pad: 0, type: 0, index: 3, flags: 0, change: 0 }, attrs: { master: 0 } },
  // ip link set a0 group 5
  { message: "newlink", header: { family: 0, pad: 0, type: 0, index: 3, flags: 0, change: 0 }, attrs: { group: 5 } },
  // ip link set a0 netns x
  { message: "newlink", header: { family: 0, pad: 0, type: 0, index: 3, flags: 0, change: 0 }, attrs: { netnsFd: 4 } },
  // ip link set br0 type bridge ageing_time 0 fdb_flush
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 4, flags: 0, change: 0 },
    attrs: { linkInfo: { kind: "bridge", data: { ageingTime: 0, fdbFlush: true } } },
  },
  // ip link set a0 type bridge_slave state 3 priority 16 cost 7 hairpin on guard on root_block on learning off …
  {
    message: "newlink",
    header: { family: 0, pad: 0, type: 0, index: 3, flags: 0, change: 0 },
    attrs: { linkInfo: { kind: "bridge_slave", slaveData: expect.any(Uint8Array) } },
  },
  // ip link property add dev a0 altname a-very-long-name-of-an-interface
  {
    message: "newlinkprop",
    header: { family: 0, pad: 0, type: 0, index: 3, flags: 0, change: 0 },
    attrs: { altNames: ["a-very-long-name-of-an-interface"] },
  },
  // ip link property del dev a0 altname another
  {
    message: "dellinkprop",
    header: { family: 0, pad: 0, type: 0, index: 3, flags: 0, change: 0 },
    attrs: { altNames: ["another"] },
  },
  // ip link del a0
  { message: "dellink", header: { family: 0, pad: 0, type: 0, index: 3, flags: 0, change: 0 }, attrs: {} },
];

const addrs: readonly Expected[] = [
  // ip addr add 10.1.2.3/24 dev a0
  {
    message: "newaddr",
    header: { family: 2, prefixLength: 24, flags: 0, scope: "universe", index: 3 },
    attrs: { local: "10.1.2.3", address: "10.1.2.3" },
  },
  // ip addr add 10.1.2.3 peer 10.1.2.4/32 dev a0
  {
    message: "newaddr",
    header: { family: 2, prefixLength: 32, flags: 0, scope: "universe", index: 3 },
    attrs: { local: "10.1.2.3", address: "10.1.2.4" },
  },
  // ip addr add 10.1.2.3/24 broadcast 10.1.2.255 label a0:1 scope link dev a0
  {
    message: "newaddr",
    header: { family: 2, prefixLength: 24, flags: 0, scope: "link", index: 3 },
    attrs: { local: "10.1.2.3", broadcast: "10.1.2.255", label: "a0:1", address: "10.1.2.3" },
  },
  // ip addr replace 2001:db8::5/64 dev a0 nodad
  {
    message: "newaddr",
    header: { family: 10, prefixLength: 64, flags: 2, scope: "universe", index: 3 },
    attrs: { local: "2001:db8::5", address: "2001:db8::5" },
  },
  // ip addr add 2001:db8::5/64 dev a0 nodad noprefixroute metric 512
  {
    message: "newaddr",
    header: { family: 10, prefixLength: 64, flags: 0, scope: "universe", index: 3 },
    attrs: { local: "2001:db8::5", routePriority: 512, flags: 514, address: "2001:db8::5" },
  },
  // ip addr add 2001:db8::5/64 dev a0 valid_lft 3600 preferred_lft 1800
  {
    message: "newaddr",
    header: { family: 10, prefixLength: 64, flags: 0, scope: "universe", index: 3 },
    attrs: {
      local: "2001:db8::5",
      address: "2001:db8::5",
      cacheInfo: { preferred: 1800, valid: 3600, created: 0, updated: 0 },
    },
  },
  // ip addr del 192.0.2.1/24 dev a0
  {
    message: "deladdr",
    header: { family: 2, prefixLength: 24, flags: 0, scope: "universe", index: 3 },
    attrs: { local: "192.0.2.1", address: "192.0.2.1" },
  },
];

const routes: readonly Expected[] = [
  // ip route add 10.2.0.0/16 via 192.0.2.2 dev a0
  {
    message: "newroute",
    header: {
      family: 2,
      dstLength: 16,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "boot",
      scope: "universe",
      type: "unicast",
      flags: 0,
    },
    attrs: { dst: "10.2.0.0", gateway: "192.0.2.2", oif: 3 },
  },
  // ip route replace default via 192.0.2.2
  {
    message: "newroute",
    header: {
      family: 2,
      dstLength: 0,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "boot",
      scope: "universe",
      type: "unicast",
      flags: 0,
    },
    attrs: { gateway: "192.0.2.2" },
  },
  // ip route add 10.2.0.0/16 dev a0 proto kernel src 192.0.2.1 metric 100
  {
    message: "newroute",
    header: {
      family: 2,
      dstLength: 16,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "kernel",
      scope: "link",
      type: "unicast",
      flags: 0,
    },
    attrs: { dst: "10.2.0.0", prefSrc: "192.0.2.1", priority: 100, oif: 3 },
  },
  // ip route replace 10.2.0.0/16 via 198.51.100.1 dev a0 onlink mtu 1400 advmss 1360 initcwnd 20 table 1000
  {
    message: "newroute",
    header: {
      family: 2,
      dstLength: 16,
      srcLength: 0,
      tos: 0,
      table: 0,
      protocol: "boot",
      scope: "universe",
      type: "unicast",
      flags: 4,
    },
    attrs: {
      dst: "10.2.0.0",
      gateway: "198.51.100.1",
      table: 1000,
      oif: 3,
      metrics: { mtu: 1400, advmss: 1360, initCwnd: 20 },
    },
  },
  // ip route add 10.2.0.0/16 nexthop via 192.0.2.2 dev a0 weight 1 nexthop via 198.51.100.1 dev b0 weight 5 onlink
  {
    message: "newroute",
    header: {
      family: 2,
      dstLength: 16,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "boot",
      scope: "universe",
      type: "unicast",
      flags: 0,
    },
    attrs: {
      dst: "10.2.0.0",
      multipath: [
        { flags: 0, hops: 0, index: 3, attrs: { gateway: "192.0.2.2" } },
        { flags: 4, hops: 4, index: 2, attrs: { gateway: "198.51.100.1" } },
      ],
    },
  },
  // ip route add 10.2.0.0/16 encap ip id 7 dst 198.51.100.9 src 192.0.2.1 ttl 9 dev vx0
  {
    message: "newroute",
    header: {
      family: 2,
      dstLength: 16,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "boot",
      scope: "link",
      type: "unicast",
      flags: 0,
    },
    attrs: {
      dst: "10.2.0.0",
      encap: { id: 7n, dst: "198.51.100.9", src: "192.0.2.1", ttl: 9 },
      encapType: "ip",
      oif: 5,
    },
  },
  // ip -6 route add 2001:db8:2::/48 encap ip6 id 7 dst 2001:db8::9 hoplimit 9 tc 3 dev vx0
  {
    message: "newroute",
    header: {
      family: 10,
      dstLength: 48,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "boot",
      scope: "universe",
      type: "unicast",
      flags: 0,
    },
    attrs: { dst: "2001:db8:2::", encap: { id: 7n, dst: "2001:db8::9", ttl: 9, tos: 3 }, encapType: "ip6", oif: 5 },
  },
  // ip route add 10.2.0.0/16 encap mpls 100 via 192.0.2.2 dev a0
  {
    message: "newroute",
    header: {
      family: 2,
      dstLength: 16,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "boot",
      scope: "universe",
      type: "unicast",
      flags: 0,
    },
    attrs: {
      dst: "10.2.0.0",
      encap: { dst: new Uint8Array([0, 6, 65, 0]) },
      encapType: "mpls",
      gateway: "192.0.2.2",
      oif: 3,
    },
  },
  // ip route add 10.2.0.0/16 via inet6 2001:db8::2 dev a0
  {
    message: "newroute",
    header: {
      family: 2,
      dstLength: 16,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "boot",
      scope: "universe",
      type: "unicast",
      flags: 0,
    },
    attrs: { dst: "10.2.0.0", via: "2001:db8::2", oif: 3 },
  },
  // ip route add blackhole 10.2.0.0/16
  {
    message: "newroute",
    header: {
      family: 2,
      dstLength: 16,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "boot",
      scope: "universe",
      type: "blackhole",
      flags: 0,
    },
    attrs: { dst: "10.2.0.0" },
  },
  // ip route add unreachable 10.2.0.0/16 metric 4278198272 table 200
  {
    message: "newroute",
    header: {
      family: 2,
      dstLength: 16,
      srcLength: 0,
      tos: 0,
      table: 200,
      protocol: "boot",
      scope: "universe",
      type: "unreachable",
      flags: 0,
    },
    attrs: { dst: "10.2.0.0", priority: 4278198272 },
  },
  // ip -6 route add 2001:db8:2::/48 via 2001:db8::2 dev a0 metric 50 pref high expires 600
  {
    message: "newroute",
    header: {
      family: 10,
      dstLength: 48,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "boot",
      scope: "universe",
      type: "unicast",
      flags: 0,
    },
    attrs: { dst: "2001:db8:2::", gateway: "2001:db8::2", priority: 50, pref: "high", expires: 600, oif: 3 },
  },
  // ip -6 route replace default via fe80::1 dev a0
  {
    message: "newroute",
    header: {
      family: 10,
      dstLength: 0,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "boot",
      scope: "universe",
      type: "unicast",
      flags: 0,
    },
    attrs: { dst: "::", gateway: "fe80::1", oif: 3 },
  },
  // ip -6 route add 2001:db8:2::/48 from 2001:db8:1::/48 via 2001:db8::2 dev a0
  {
    message: "newroute",
    header: {
      family: 10,
      dstLength: 48,
      srcLength: 48,
      tos: 0,
      table: 254,
      protocol: "boot",
      scope: "universe",
      type: "unicast",
      flags: 0,
    },
    attrs: { dst: "2001:db8:2::", src: "2001:db8:1::", gateway: "2001:db8::2", oif: 3 },
  },
  // ip route add local 10.9.9.9 dev a0 table local
  {
    message: "newroute",
    header: {
      family: 2,
      dstLength: 32,
      srcLength: 0,
      tos: 0,
      table: 255,
      protocol: "boot",
      scope: "host",
      type: "local",
      flags: 0,
    },
    attrs: { dst: "10.9.9.9", oif: 3 },
  },
  // ip route del 10.2.0.0/16 via 192.0.2.2 dev a0
  {
    message: "delroute",
    header: {
      family: 2,
      dstLength: 16,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "unspec",
      scope: "nowhere",
      type: "unspec",
      flags: 0,
    },
    attrs: { dst: "10.2.0.0", gateway: "192.0.2.2", oif: 3 },
  },
  // ip -6 route del 2001:db8:2::/48
  {
    message: "delroute",
    header: {
      family: 10,
      dstLength: 48,
      srcLength: 0,
      tos: 0,
      table: 254,
      protocol: "unspec",
      scope: "universe",
      type: "unspec",
      flags: 0,
    },
    attrs: { dst: "2001:db8:2::" },
  },
  // ip route get 10.2.0.1 from 192.0.2.1 oif a0 mark 5
  {
    message: "getroute",
    header: {
      family: 2,
      dstLength: 32,
      srcLength: 32,
      tos: 0,
      table: 0,
      protocol: "unspec",
      scope: "universe",
      type: "unspec",
      flags: 4096,
    },
    attrs: { dst: "10.2.0.1", src: "192.0.2.1", oif: 3, mark: 5 },
  },
];

const rules: readonly Expected[] = [
  // ip rule add from 10.0.0.0/8 to 10.1.0.0/16 table 100 priority 50
  {
    message: "newrule",
    header: { family: 2, dstLength: 16, srcLength: 8, tos: 0, table: 100, pad: 0, action: "lookup", flags: 0 },
    attrs: { src: "10.0.0.0", dst: "10.1.0.0", priority: 50 },
  },
  // ip rule add fwmark 0x10/0xff iif a0 oif b0 table 1000 priority 60
  {
    message: "newrule",
    header: { family: 2, dstLength: 0, srcLength: 0, tos: 0, table: 0, pad: 0, action: "lookup", flags: 0 },
    attrs: { mark: 16, mask: 255, iif: "a0", oif: "b0", table: 1000, priority: 60 },
  },
  // ip -6 rule add from 2001:db8::/32 table 100 suppress_prefixlength 0 priority 70
  {
    message: "newrule",
    header: { family: 10, dstLength: 0, srcLength: 32, tos: 0, table: 100, pad: 0, action: "lookup", flags: 0 },
    attrs: { src: "2001:db8::", suppressPrefixLength: 0, priority: 70 },
  },
  // ip rule add not from 10.0.0.0/8 prohibit priority 80
  {
    message: "newrule",
    header: { family: 2, dstLength: 0, srcLength: 8, tos: 0, table: 0, pad: 0, action: "prohibit", flags: 2 },
    attrs: { src: "10.0.0.0", priority: 80 },
  },
  // ip rule add l3mdev priority 90 protocol kernel
  {
    message: "newrule",
    header: { family: 2, dstLength: 0, srcLength: 0, tos: 0, table: 0, pad: 0, action: "lookup", flags: 0 },
    attrs: { l3mdev: true, priority: 90, protocol: "kernel" },
  },
  // ip rule add ipproto tcp sport 10-20 dport 80 uidrange 1-2 goto 32766 priority 100
  {
    message: "newrule",
    header: { family: 2, dstLength: 0, srcLength: 0, tos: 0, table: 0, pad: 0, action: "goto", flags: 0 },
    attrs: { ipProto: 6, sportRange: [10, 20], dportRange: [80, 80], uidRange: [1, 2], goto: 32766, priority: 100 },
  },
  // ip rule del priority 50 table 100
  {
    message: "delrule",
    header: { family: 2, dstLength: 0, srcLength: 0, tos: 0, table: 100, pad: 0, action: "unspec", flags: 0 },
    attrs: { priority: 50 },
  },
];

const neighs: readonly Expected[] = [
  // ip neigh replace 192.0.2.7 lladdr 02:00:00:00:00:07 dev a0 nud permanent
  {
    message: "newneigh",
    header: { family: 2, pad: 0, index: 3, state: 128, flags: 0, type: 0 },
    attrs: { dst: "192.0.2.7", lladdr: "02:00:00:00:00:07" },
  },
  // ip neigh replace 2001:db8::7 lladdr 02:00:00:00:00:07 dev a0 nud reachable router
  {
    message: "newneigh",
    header: { family: 10, pad: 0, index: 3, state: 2, flags: 128, type: 0 },
    attrs: { dst: "2001:db8::7", lladdr: "02:00:00:00:00:07" },
  },
  // ip neigh replace proxy 192.0.2.8 dev a0
  {
    message: "newneigh",
    header: { family: 2, pad: 0, index: 3, state: 128, flags: 8, type: 0 },
    attrs: { dst: "192.0.2.8" },
  },
  // ip neigh replace 192.0.2.7 lladdr 02:00:00:00:00:07 dev a0 nud noarp extern_learn
  {
    message: "newneigh",
    header: { family: 2, pad: 0, index: 3, state: 64, flags: 16, type: 0 },
    attrs: { dst: "192.0.2.7", lladdr: "02:00:00:00:00:07" },
  },
  // ip neigh del 192.0.2.7 dev a0
  {
    message: "delneigh",
    header: { family: 2, pad: 0, index: 3, state: 128, flags: 0, type: 0 },
    attrs: { dst: "192.0.2.7" },
  },
];

const fdbs: readonly Expected[] = [
  // bridge fdb replace 02:00:00:00:00:09 dev vx0 dst 198.51.100.9
  {
    message: "newneigh",
    header: { family: 7, pad: 0, index: 5, state: 192, flags: 2, type: 0 },
    attrs: { lladdr: "02:00:00:00:00:09", dst: "198.51.100.9" },
  },
  // bridge fdb append 00:00:00:00:00:00 dev vx0 dst 2001:db8::9 vni 51 port 4790 via a0 self permanent
  {
    message: "newneigh",
    header: { family: 7, pad: 0, index: 5, state: 192, flags: 2, type: 0 },
    attrs: { lladdr: "00:00:00:00:00:00", dst: "2001:db8::9", port: 4790, vni: 51, via: 3 },
  },
  // bridge fdb replace 02:00:00:00:00:09 dev a0 master static vlan 7 sticky
  {
    message: "newneigh",
    header: { family: 7, pad: 0, index: 3, state: 66, flags: 68, type: 0 },
    attrs: { lladdr: "02:00:00:00:00:09", vlan: 7 },
  },
  // bridge fdb replace 02:00:00:00:00:09 dev a0 master dynamic extern_learn
  {
    message: "newneigh",
    header: { family: 7, pad: 0, index: 3, state: 2, flags: 20, type: 0 },
    attrs: { lladdr: "02:00:00:00:00:09" },
  },
  // bridge fdb replace 02:00:00:00:00:09 dev vx0 dst 198.51.100.9 src_vni 900 static
  {
    message: "newneigh",
    header: { family: 7, pad: 0, index: 5, state: 66, flags: 2, type: 0 },
    attrs: { lladdr: "02:00:00:00:00:09", dst: "198.51.100.9", srcVni: 900 },
  },
  // bridge fdb del 02:00:00:00:00:09 dev vx0 dst 198.51.100.9
  {
    message: "delneigh",
    header: { family: 7, pad: 0, index: 5, state: 192, flags: 2, type: 0 },
    attrs: { lladdr: "02:00:00:00:00:09", dst: "198.51.100.9" },
  },
];

const qdiscs: readonly Expected[] = [
  // tc qdisc replace dev a0 root tbf rate 10mbit burst 32kb latency 50ms
  {
    message: "newqdisc",
    header: { family: 0, pad: 0, index: 3, handle: 0, parent: 4294967295, info: 0 },
    attrs: {
      kind: "tbf",
      options: {
        parms: {
          rate: { cellLog: 3, linkLayer: "ethernet", overhead: 0, cellAlign: 65535, mpu: 0, rate: 1250000 },
          peakRate: { cellLog: 0, linkLayer: "unaware", overhead: 0, cellAlign: 0, mpu: 0, rate: 0 },
          limit: 95268,
          buffer: 409593,
          mtu: 0,
        },
        burst: 32768,
        rtab: expect.any(Uint8Array),
      },
    },
  },
  // tc qdisc replace dev a0 root handle 1: tbf rate 40gbit burst 10mb limit 20mb
  {
    message: "newqdisc",
    header: { family: 0, pad: 0, index: 3, handle: 65536, parent: 4294967295, info: 0 },
    attrs: {
      kind: "tbf",
      options: {
        parms: {
          rate: { cellLog: 3, linkLayer: "ethernet", overhead: 0, cellAlign: 65535, mpu: 0, rate: 4294967295 },
          peakRate: { cellLog: 0, linkLayer: "unaware", overhead: 0, cellAlign: 0, mpu: 0, rate: 0 },
          limit: 20971520,
          buffer: 38140,
          mtu: 0,
        },
        burst: 10485760,
        rate64: 5000000000n,
        rtab: expect.any(Uint8Array),
      },
    },
  },
  // tc qdisc replace dev a0 root netem delay 10ms 2ms loss 1% duplicate 2% reorder 25% corrupt 0.1% rate 1mbit …
  {
    message: "newqdisc",
    header: { family: 0, pad: 0, index: 3, handle: 0, parent: 4294967295, info: 0 },
    attrs: {
      kind: "netem",
      options: {
        header: { latency: 156250, limit: 500, loss: 42949673, gap: 1, duplicate: 85899346, jitter: 31250 },
        attrs: {
          reorder: { probability: 1073741824, correlation: 0 },
          corrupt: { probability: 4294967, correlation: 0 },
          rate: { rate: 125000, packetOverhead: 0, cellSize: 0, cellOverhead: 0 },
        },
      },
    },
  },
  // tc qdisc replace dev a0 root netem
  {
    message: "newqdisc",
    header: { family: 0, pad: 0, index: 3, handle: 0, parent: 4294967295, info: 0 },
    attrs: {
      kind: "netem",
      options: { header: { latency: 0, limit: 1000, loss: 0, gap: 0, duplicate: 0, jitter: 0 }, attrs: {} },
    },
  },
  // tc qdisc replace dev a0 root fq_codel limit 1000 flows 64 quantum 300 target 5ms interval 100ms ecn memory_…
  {
    message: "newqdisc",
    header: { family: 0, pad: 0, index: 3, handle: 0, parent: 4294967295, info: 0 },
    attrs: {
      kind: "fq_codel",
      options: {
        limit: 1000,
        flows: 64,
        quantum: 300,
        interval: 100000,
        target: 5000,
        ecn: 1,
        ceThreshold: 1000,
        memoryLimit: 1048576,
      },
    },
  },
  // tc qdisc replace dev a0 root handle 1: htb default 10
  {
    message: "newqdisc",
    header: { family: 0, pad: 0, index: 3, handle: 65536, parent: 4294967295, info: 0 },
    attrs: {
      kind: "htb",
      options: { init: { version: 3, rateToQuantum: 10, defaultClass: 16, debug: 0, directPackets: 0 } },
    },
  },
  // tc class replace dev a0 parent 1: classid 1:10 htb rate 8mbit ceil 16mbit burst 15k cburst 16k prio 3
  {
    message: "newtclass",
    header: { family: 0, pad: 0, index: 3, handle: 65552, parent: 65536, info: 0 },
    attrs: {
      kind: "htb",
      options: {
        parms: {
          rate: { cellLog: 3, linkLayer: "ethernet", overhead: 0, cellAlign: 65535, mpu: 0, rate: 1000000 },
          ceil: { cellLog: 3, linkLayer: "ethernet", overhead: 0, cellAlign: 65535, mpu: 0, rate: 2000000 },
          buffer: 240000,
          ceilBuffer: 128000,
          quantum: 0,
          level: 0,
          priority: 3,
        },
        rtab: expect.any(Uint8Array),
        ctab: expect.any(Uint8Array),
      },
    },
  },
  // tc class replace dev a0 parent 1: classid 1:11 htb rate 8mbit
  {
    message: "newtclass",
    header: { family: 0, pad: 0, index: 3, handle: 65553, parent: 65536, info: 0 },
    attrs: {
      kind: "htb",
      options: {
        parms: {
          rate: { cellLog: 3, linkLayer: "ethernet", overhead: 0, cellAlign: 65535, mpu: 0, rate: 1000000 },
          ceil: { cellLog: 3, linkLayer: "ethernet", overhead: 0, cellAlign: 65535, mpu: 0, rate: 1000000 },
          buffer: 25000,
          ceilBuffer: 25000,
          quantum: 0,
          level: 0,
          priority: 0,
        },
        rtab: expect.any(Uint8Array),
        ctab: expect.any(Uint8Array),
      },
    },
  },
  // tc qdisc replace dev a0 ingress
  {
    message: "newqdisc",
    header: { family: 0, pad: 0, index: 3, handle: 4294901760, parent: 4294967281, info: 0 },
    attrs: { kind: "ingress" },
  },
  // tc qdisc del dev a0 root
  { message: "delqdisc", header: { family: 0, pad: 0, index: 3, handle: 0, parent: 4294967295, info: 0 }, attrs: {} },
];

const filters: readonly Expected[] = [
  // tc filter add dev a0 parent ffff: protocol all pref 1 u32 match u32 0 0 action mirred egress redirect dev b0
  {
    message: "newtfilter",
    header: { family: 0, pad: 0, index: 3, handle: 0, parent: 4294901760, info: 66304 },
    attrs: {
      kind: "u32",
      options: {
        actions: [
          {
            kind: "mirred",
            options: {
              parms: { index: 0, capab: 0, action: "stolen", refs: 0, binds: 0, does: "egressRedirect", ifindex: 2 },
            },
          },
        ],
        selector: {
          head: {
            flags: 1,
            offsetShift: 0,
            keys: 1,
            pad: 0,
            offsetMask: 0,
            offset: 0,
            offsetOff: 0,
            hashOff: 0,
            hashMask: 0,
          },
          keys: [{ mask: 0, value: 0, offset: 0, offsetMask: 0 }],
        },
      },
    },
  },
];

const nsids: readonly Expected[] = [
  // ip netns set x 5
  { message: "newnsid", header: { family: 0, pad: 0 }, attrs: { fd: 6, nsid: 5 } },
  // ip netns list
  { message: "getnsid", header: { family: 0, pad: 0 }, attrs: { fd: 6 } },
];

/** By the name of the file of captures, in its order. */
export const expected = {
  link: links,
  addr: addrs,
  route: routes,
  rule: rules,
  neigh: neighs,
  fdb: fdbs,
  qdisc: qdiscs,
  filter: filters,
  nsid: nsids,
} as const;
