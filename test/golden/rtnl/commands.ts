/** What is captured: commands by file. Reached by scripts/capture-rtnl.ts; the tests read the JSON only. */
export interface Group {
  /** The file's name without `.json`. */
  readonly name: string;
  /** What the tool asks, or what the kernel answers. */
  readonly direction: "request" | "answer";
  /** Message type of an answer. */
  readonly type?: number;
  readonly captures: readonly Capture[];
}

interface Capture {
  readonly command: string;
  /** Commands before it, in the same namespace. */
  readonly setup?: readonly string[];
  /** Of an answer: the message about the link of this index, or the last one. */
  readonly about?: number | "last";
  /** The question is wanted, not a change. */
  readonly pick?: "get";
}

const run = (command: string, ...setup: string[]): Capture => ({ command, ...(setup.length > 0 ? { setup } : {}) });

const links = [
  run("ip link add v0 mtu 1400 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02 mtu 1400"),
  run("ip link add v0 type veth peer name v1 netns x", "ip netns add x"),
  run("ip link add v0 netns x txqueuelen 100 numtxqueues 2 numrxqueues 3 type veth peer name v1", "ip netns add x"),
  run("ip link add br9 type bridge"),
  run(
    "ip link add br9 type bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time 30000 stp_state 1 priority 4096 vlan_filtering 1 vlan_protocol 802.1ad group_fwd_mask 8 group_address 01:80:c2:00:00:0c vlan_default_pvid 7 vlan_stats_enabled 1 vlan_stats_per_port 1 mcast_router 2 mcast_snooping 0 mcast_query_use_ifaddr 1 mcast_querier 1 mcast_hash_elasticity 16 mcast_hash_max 512 mcast_last_member_count 3 mcast_startup_query_count 4 mcast_last_member_interval 101 mcast_membership_interval 26001 mcast_querier_interval 25501 mcast_query_interval 12501 mcast_query_response_interval 1001 mcast_startup_query_interval 3126 mcast_stats_enabled 1 mcast_igmp_version 3 mcast_mld_version 2 nf_call_iptables 1 nf_call_ip6tables 0 nf_call_arptables 1 no_linklocal_learn 1 mcast_vlan_snooping 0",
  ),
  run(
    "ip link add vx9 type vxlan id 100 remote 192.0.2.9 local 192.0.2.1 dev a0 ttl 64 tos 16 flowlabel 5 df set ageing 300 maxaddress 1000 srcport 32768 61000 dstport 4789 nolearning proxy rsc l2miss l3miss noudpcsum udp6zerocsumtx udp6zerocsumrx",
  ),
  run(
    "ip link add vx9 type vxlan id 100 group ff05::100 local 2001:db8::1 dev a0 ttl inherit dstport 8472 gbp learning",
  ),
  run("ip link add vx9 type vxlan external vnifilter dstport 4789 gpe"),
  run("ip link add mv0 link a0 type macvlan mode bridge"),
  run("ip link add mv0 link a0 type macvlan mode private"),
  run("ip link add mv0 link a0 type macvlan mode vepa"),
  run("ip link add mv0 link a0 type macvlan mode passthru nopromisc bcqueuelen 2000"),
  run(
    "ip link set mv0 type macvlan macaddr set 02:00:00:00:00:01 02:00:00:00:00:02",
    "ip link add mv0 link a0 type macvlan mode source",
  ),
  run("ip link add iv0 link a0 type ipvlan mode l2"),
  run("ip link add iv0 link a0 type ipvlan mode l2 private"),
  run("ip link add iv0 link a0 type ipvlan mode l2 vepa"),
  run("ip link add iv0 link a0 type ipvlan mode l3 bridge"),
  run("ip link add iv0 link a0 type ipvlan mode l3 private"),
  run("ip link add iv0 link a0 type ipvlan mode l3 vepa"),
  run("ip link add iv0 link a0 type ipvlan mode l3s bridge"),
  run("ip link add iv0 link a0 type ipvlan mode l3s private"),
  run("ip link add iv0 link a0 type ipvlan mode l3s vepa"),
  run(
    "ip link add vl0 link a0 type vlan id 100 protocol 802.1ad reorder_hdr off gvrp on ingress-qos-map 1:2 egress-qos-map 3:4 5:6",
  ),
  run("ip link add du0 type dummy"),
  run("ip link add if0 type ifb"),
  run("ip link add vrf0 type vrf table 10"),
  run("ip link add t0 type ip6tnl local 2001:db8::1 remote 2001:db8::2 dev a0 mode any ttl 63 encaplimit none"),
  run("ip link add t0 type ip6tnl external"),
  run("ip link add t0 type ipip external"),
  run("ip link add t0 type sit external"),
  run("ip link add t0 type gre external"),
  run("ip link add t0 type ip6gre external"),
  run("ip link add t0 type ip6gretap external"),
  run("ip link add t0 type ipip local 192.0.2.1 remote 192.0.2.2 dev a0 ttl 63 tos 8 pmtudisc"),
  run(
    "ip link add t0 type ipip local 192.0.2.1 remote 192.0.2.2 encap fou encap-sport 5555 encap-dport 6666 encap-csum",
  ),
  run(
    "ip link add t0 type sit local 192.0.2.1 remote any isatap 6rd-prefix 2001:db8::/32 6rd-relay_prefix 192.0.2.0/24",
  ),
  run("ip link add t0 type gre local 192.0.2.1 remote 192.0.2.2 key 7 csum seq ttl 63"),
  run("ip link add t0 type gretap external"),
  run("ip link add t0 type ip6gre local 2001:db8::1 remote 2001:db8::2 ikey 8 okey 9 encaplimit 3 flowlabel 0x12345"),
  run("ip link add t0 type ip6gretap local 2001:db8::1 remote 2001:db8::2 dev a0"),
  run("ip link add g0 type geneve id 77 remote 192.0.2.2 ttl 5 tos 4 df inherit dstport 6081 udpcsum"),
  run("ip link add g0 type geneve id 77 remote 2001:db8::2 ttl inherit flowlabel 9 udp6zerocsumtx noudp6zerocsumrx"),
  run("ip link add g0 type geneve external innerprotoinherit"),
  run("ip link add br9 master vrf0 type bridge", "ip link add vrf0 type bridge"),
  run("ip link set a0 up mtu 1300 address 02:00:00:00:00:0c txqueuelen 500"),
  run("ip link set a0 down arp off promisc on allmulticast off"),
  run("ip link set a0 name eth7", "ip link set a0 down"),
  run("ip link set a0 alias owned-by-netloom"),
  run("ip link set a0 addrgenmode none"),
  run("ip link set a0 master br0"),
  run("ip link set a0 nomaster"),
  run("ip link set a0 group 5"),
  run("ip link set a0 netns x", "ip netns add x"),
  run("ip link set br0 type bridge ageing_time 0 fdb_flush"),
  run(
    "ip link set a0 type bridge_slave state 3 priority 16 cost 7 hairpin on guard on root_block on learning off flood off proxy_arp on proxy_arp_wifi on mcast_router 1 mcast_fast_leave on mcast_flood off bcast_flood off mcast_to_unicast on group_fwd_mask 8 neigh_suppress on vlan_tunnel on isolated on locked on backup_port b0 fdb_flush",
    "ip link set a0 master br0",
  ),
  run("ip link property add dev a0 altname a-very-long-name-of-an-interface"),
  run("ip link property del dev a0 altname another", "ip link property add dev a0 altname another"),
  run("ip link del a0"),
] as const;

const addrs = [
  run("ip addr add 10.1.2.3/24 dev a0"),
  run("ip addr add 10.1.2.3 peer 10.1.2.4/32 dev a0"),
  run("ip addr add 10.1.2.3/24 broadcast 10.1.2.255 label a0:1 scope link dev a0"),
  run("ip addr replace 2001:db8::5/64 dev a0 nodad"),
  run("ip addr add 2001:db8::5/64 dev a0 nodad noprefixroute metric 512"),
  run("ip addr add 2001:db8::5/64 dev a0 valid_lft 3600 preferred_lft 1800"),
  run("ip addr del 192.0.2.1/24 dev a0"),
];

const routes = [
  run("ip route add 10.2.0.0/16 via 192.0.2.2 dev a0"),
  run("ip route replace default via 192.0.2.2"),
  run("ip route add 10.2.0.0/16 dev a0 proto kernel src 192.0.2.1 metric 100"),
  run("ip route replace 10.2.0.0/16 via 198.51.100.1 dev a0 onlink mtu 1400 advmss 1360 initcwnd 20 table 1000"),
  run("ip route add 10.2.0.0/16 nexthop via 192.0.2.2 dev a0 weight 1 nexthop via 198.51.100.1 dev b0 weight 5 onlink"),
  run("ip route add 10.2.0.0/16 encap ip id 7 dst 198.51.100.9 src 192.0.2.1 ttl 9 dev vx0"),
  run("ip -6 route add 2001:db8:2::/48 encap ip6 id 7 dst 2001:db8::9 hoplimit 9 tc 3 dev vx0"),
  run("ip route add 10.2.0.0/16 encap mpls 100 via 192.0.2.2 dev a0"),
  run("ip route add 10.2.0.0/16 via inet6 2001:db8::2 dev a0"),
  run("ip route add blackhole 10.2.0.0/16"),
  run("ip route add unreachable 10.2.0.0/16 metric 4278198272 table 200"),
  run("ip -6 route add 2001:db8:2::/48 via 2001:db8::2 dev a0 metric 50 pref high expires 600"),
  run("ip -6 route replace default via fe80::1 dev a0"),
  run("ip -6 route add 2001:db8:2::/48 from 2001:db8:1::/48 via 2001:db8::2 dev a0"),
  run("ip route add local 10.9.9.9 dev a0 table local"),
  run("ip route del 10.2.0.0/16 via 192.0.2.2 dev a0", "ip route add 10.2.0.0/16 via 192.0.2.2 dev a0"),
  run("ip -6 route del 2001:db8:2::/48", "ip -6 route add 2001:db8:2::/48 via 2001:db8::2 dev a0"),
  { ...run("ip route get 10.2.0.1 from 192.0.2.1 oif a0 mark 5"), pick: "get" },
] as const;

const rules = [
  run("ip rule add from 10.0.0.0/8 to 10.1.0.0/16 table 100 priority 50"),
  run("ip rule add fwmark 0x10/0xff iif a0 oif b0 table 1000 priority 60"),
  run("ip -6 rule add from 2001:db8::/32 table 100 suppress_prefixlength 0 priority 70"),
  run("ip rule add not from 10.0.0.0/8 prohibit priority 80"),
  run("ip rule add l3mdev priority 90 protocol kernel"),
  run("ip rule add ipproto tcp sport 10-20 dport 80 uidrange 1-2 goto 32766 priority 100"),
  run("ip rule del priority 50 table 100", "ip rule add table 100 priority 50"),
];

const neighs = [
  run("ip neigh replace 192.0.2.7 lladdr 02:00:00:00:00:07 dev a0 nud permanent"),
  run("ip neigh replace 2001:db8::7 lladdr 02:00:00:00:00:07 dev a0 nud reachable router"),
  run("ip neigh replace proxy 192.0.2.8 dev a0"),
  run("ip neigh replace 192.0.2.7 lladdr 02:00:00:00:00:07 dev a0 nud noarp extern_learn"),
  run("ip neigh del 192.0.2.7 dev a0", "ip neigh replace 192.0.2.7 lladdr 02:00:00:00:00:07 dev a0 nud permanent"),
];

const fdbs = [
  run("bridge fdb replace 02:00:00:00:00:09 dev vx0 dst 198.51.100.9"),
  run("bridge fdb append 00:00:00:00:00:00 dev vx0 dst 2001:db8::9 vni 51 port 4790 via a0 self permanent"),
  run("bridge fdb replace 02:00:00:00:00:09 dev a0 master static vlan 7 sticky", "ip link set a0 master br0"),
  run("bridge fdb replace 02:00:00:00:00:09 dev a0 master dynamic extern_learn", "ip link set a0 master br0"),
  run("bridge fdb replace 02:00:00:00:00:09 dev vx0 dst 198.51.100.9 src_vni 900 static"),
  run(
    "bridge fdb del 02:00:00:00:00:09 dev vx0 dst 198.51.100.9",
    "bridge fdb add 02:00:00:00:00:09 dev vx0 dst 198.51.100.9",
  ),
];

const qdiscs = [
  run("tc qdisc replace dev a0 root tbf rate 10mbit burst 32kb latency 50ms"),
  run("tc qdisc replace dev a0 root handle 1: tbf rate 40gbit burst 10mb limit 20mb"),
  run(
    "tc qdisc replace dev a0 root netem delay 10ms 2ms loss 1% duplicate 2% reorder 25% corrupt 0.1% rate 1mbit limit 500",
  ),
  run("tc qdisc replace dev a0 root netem"),
  run(
    "tc qdisc replace dev a0 root fq_codel limit 1000 flows 64 quantum 300 target 5ms interval 100ms ecn memory_limit 1mb ce_threshold 1ms",
  ),
  run("tc qdisc replace dev a0 root handle 1: htb default 10"),
  run("tc class replace dev a0 parent 1: classid 1:10 htb rate 8mbit ceil 16mbit burst 15k cburst 16k prio 3"),
  run("tc class replace dev a0 parent 1: classid 1:11 htb rate 8mbit"),
  run("tc qdisc replace dev a0 ingress"),
  run("tc qdisc del dev a0 root", "tc qdisc add dev a0 root tbf rate 10mbit burst 32kb latency 50ms"),
];

/** Of AF_BRIDGE: other tables than those of links. */
const vlans = [
  run("bridge vlan add dev a0 vid 10 pvid untagged master", "ip link set a0 master br0"),
  run("bridge vlan add dev br0 vid 20-30 self"),
  run("bridge vlan del dev a0 vid 10", "ip link set a0 master br0"),
];

const filters = [
  run(
    "tc filter add dev a0 parent ffff: protocol all pref 1 u32 match u32 0 0 action mirred egress redirect dev b0",
    "tc qdisc add dev a0 ingress",
  ),
];

const nsids = [
  run("ip netns set x 5", "ip netns add x"),
  { ...run("ip netns list", "ip netns add x"), pick: "get" as const },
];

const answers = (type: number, name: string, captures: readonly Capture[]): Group => ({
  name,
  direction: "answer",
  type,
  captures,
});
const requests = (name: string, captures: readonly Capture[]): Group => ({ name, direction: "request", captures });

export const groups: readonly Group[] = [
  requests("link", links),
  requests("addr", addrs),
  requests("route", routes),
  requests("rule", rules),
  requests("neigh", neighs),
  requests("fdb", fdbs),
  requests("qdisc", qdiscs),
  requests("filter", filters),
  requests("bridge-vlan", vlans),
  requests("nsid", nsids),
  answers(16, "answer-link", [
    run("ip -d link show dev lo"),
    run(
      "ip -d link show dev a0",
      "ip link set a0 master br0",
      "ip link property add dev a0 altname another",
      "ip link set a0 alias mine",
    ),
    run("ip -d link show dev br0"),
    run("ip -d link show dev vx0"),
    run(
      "ip -d link show dev vx6",
      "ip link add vx6 type vxlan id 6 local 2001:db8::1 group ff05::6 dev a0 ttl inherit dstport 8472",
    ),
    run("ip -d link show dev mv0", "ip link add mv0 link a0 type macvlan mode bridge"),
    run("ip -d link show dev if0", "ip link add if0 type ifb"),
    run("ip -d link show dev tap0", "ip tuntap add dev tap0 mode tap"),
  ]),
  answers(20, "answer-addr", [
    run("ip -4 addr show dev a0"),
    run(
      "ip -6 addr show dev a0 to 2001:db8::/32",
      "ip -6 addr flush dev a0",
      "ip addr add 2001:db8::5/64 dev a0 nodad valid_lft 3600 preferred_lft 1800",
    ),
  ]),
  answers(24, "answer-route", [
    run("ip route show table 77", "ip route add 10.2.0.0/16 via 198.51.100.1 dev a0 onlink mtu 1400 table 77"),
    run(
      "ip route show table 77",
      "ip route add table 77 default nexthop via 192.0.2.2 dev a0 weight 3 nexthop via 192.0.2.3 dev a0",
    ),
    run("ip -6 route show table 77", "ip -6 route add unreachable 2001:db8:9::/48 table 77 metric 9"),
    run("ip route get 192.0.2.9"),
  ]),
  answers(32, "answer-rule", [
    { ...run("ip rule show", "ip rule add fwmark 0x10/0xff iif a0 table 1000 priority 40000"), about: "last" },
  ]),
  answers(28, "answer-neigh", [
    run("ip neigh show dev a0", "ip neigh add 192.0.2.7 lladdr 02:00:00:00:00:07 dev a0 nud permanent"),
    run("bridge fdb show dev vx0", "bridge fdb add 02:00:00:00:00:09 dev vx0 dst 198.51.100.9 port 4790 vni 51"),
  ]),
  answers(44, "answer-filter", [
    {
      ...run(
        "tc filter show dev a0 ingress",
        "tc qdisc add dev a0 ingress",
        "tc filter add dev a0 parent ffff: protocol all pref 1 u32 match u32 0 0 action mirred egress redirect dev b0",
      ),
      about: "last",
    },
  ]),
  answers(36, "answer-qdisc", [
    {
      ...run("tc qdisc show dev a0", "tc qdisc add dev a0 root handle 1: tbf rate 10mbit burst 32kb latency 50ms"),
      about: 3,
    },
  ]),
];
