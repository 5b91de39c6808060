/** What the first lines of each lab in examples/xcluster say, as commands in its nodes and pods and parts of their answers. */

/** A node's or pod's name, what is run there, and what its answer has in it; no text for an empty answer. */
export type Claim = readonly [target: string, command: string, ...says: readonly string[]];

/** By the name of the file. */
export const claims: Readonly<Record<string, readonly Claim[]>> = {
  bridge: [
    ["vm-001", "ip -br address show dev br0", "172.16.1.0/24", "1000::1:ac10:100/120"],
    ["vm-004-ns04", "ip route", "default via 172.16.4.0 dev eth0"],
    ["vm-004-ns04", "ip -6 route", "default via 1000::1:ac10:400 dev eth0"],
  ],
  "cni-bridge": [
    ["vm-002", "ip -br address show dev cni0", "172.16.2.1/24", "1000::1:ac10:201/120"],
    ["vm-002-ns03", "ip -br address show dev eth0", "172.16.2.4/24", "1000::1:ac10:204/120"],
    ["vm-001", "bridge -d link show", " hairpin on "],
  ],
  ipvlan: [
    ["vm-001", "ip -br address show dev ipvlan-eth1", "172.16.0.208/24", "1000::1:ac10:d0/120"],
    ["vm-001-ns01", "ip -d link show dev eth0", "mode l2 bridge"],
    ["vm-001-ns01", "ip -br address show dev eth0", "/24"],
  ],
  "ipvlan-l3": [
    ["vm-002-ns01", "ip -d link show dev eth0", "mode l3 bridge"],
    ["vm-001", "ip route show 172.16.2.0/24", "via 192.168.1.2 dev eth1 "],
    ["vm-001", "ip -6 route show 1000::1:ac10:200/120", "via 1000::1:c0a8:102 dev eth1 "],
  ],
  "ipvlan-l3s": [
    ["vm-002-ns02", "ip -d link show dev eth0", "mode l3s bridge"],
    ["vm-001", "ip -br address show dev ipvlan-eth1", "172.16.1.0/24", "1000::1:ac10:100/120"],
  ],
  l2: [
    ["vm-001", "ip -br address show dev br0", "172.16.0.208/24", "192.168.1.1/24", "1000::1:c0a8:101/120"],
    ["vm-001", "ip -6 route show 1000::/24"],
    ["vm-001", "bridge link show dev eth1", "master br0"],
    ["vm-001-ns01", "ip -br address show dev eth0", "172.16.0.195/24", "1000::1:ac10:c3/120"],
  ],
  l3: [
    ["vm-001", "ip route get 172.16.2.1", "via 192.168.1.2 dev eth1"],
    ["vm-001", "ip -6 route get 1000::1:ac10:201", "via 1000::1:c0a8:102 dev eth1"],
    ["vm-003-ns02", "cat /sys/class/net/eth0/mtu", "1500\n"],
  ],
  "l3-overlay": [
    ["vm-001", "ip -d link show dev ip6tnl6", "mtu 1460 ", "ip6tnl external "],
    ["vm-001", "ip route show 172.16.2.0/24", " encap ip6 ", " dst 1000::1:c0a8:102 ", " src 172.16.1.0"],
    ["vm-001", "ip -6 route show 1000::1:ac10:200/120", " encap ip6 ", " dst 1000::1:c0a8:102 "],
    ["vm-001", "ip -4 address show dev eth1"],
    ["vm-004-ns04", "cat /sys/class/net/eth0/mtu", "1460\n"],
  ],
  "l3-overlay-link-local": [
    ["vm-001", "ip -d link show dev tl-2", "mtu 1460 ", "ip6tnl any remote fe80::", " dev eth1 ", "encaplimit none"],
    ["vm-001", "ip route show 172.16.2.0/24", "dev tl-2 ", "src 172.16.1.0"],
    ["vm-001", "ip address show dev eth1 scope global"],
  ],
  "l3-overlay-vxlan": [
    ["vm-001", "ip -d link show dev vxlan100", "mtu 1430 ", "vxlan external ", " udp6zerocsumrx "],
    ["vm-001", "ip route show 172.16.2.0/24", " encap ip6 id 100 ", " dst 1000::1:c0a8:102 ", " src 172.16.1.0"],
    ["vm-001", "ip neigh show nud failed dev vxlan100"],
    ["vm-001", "ip neigh show nud permanent dev vxlan100", "172.16.4.0 lladdr ", "1000::1:ac10:400 lladdr "],
  ],
  "l3-overlay-vxlan-classic": [
    [
      "vm-001",
      "ip -d link show dev vxlan100",
      "mtu 1430 ",
      "vxlan id 100 local 1000::1:c0a8:101 dev eth1 ",
      " nolearning ",
    ],
    ["vm-001", "bridge fdb show dev vxlan100", "dst 1000::1:c0a8:102 self permanent"],
    ["vm-001", "ip neigh show nud failed dev vxlan100"],
  ],
  macvlan: [
    ["vm-001", "ip -d link show dev macvlan-eth1", "macvlan mode bridge "],
    ["vm-001-ns01", "ip -br address show dev eth0", "172.16.1.1/16", "1000::1:ac10:101/112"],
    ["vm-001-ns01", "ip route show default", "default dev eth0 "],
  ],
  "macvlan-passthru": [
    ["vm-001-ns01", "ip -d link show dev eth0", "macvlan mode passthru "],
    ["vm-001", "ip -br link show type macvlan"],
  ],
  "macvlan-private": [["vm-002-ns02", "ip -d link show dev eth0", "macvlan mode private "]],
  "macvlan-vepa": [["vm-002-ns02", "ip -d link show dev eth0", "macvlan mode vepa "]],
  ovs: [
    ["vm-001", "ip -br address show dev br0", "172.16.0.208/24", "192.168.1.1/24", "1000::1:c0a8:101/120"],
    [
      "vm-001",
      "ovs-vsctl --db=unix:/run/netloom/xcluster-ovs/ovs/xcluster-ovs-vm-001/db.sock list-ports br0",
      "eth1\nvm-001-ns01\nvm-001-ns02\nvm-001-ns03\n",
    ],
    [
      "vm-001",
      "ovs-vsctl --db=unix:/run/netloom/xcluster-ovs/ovs/xcluster-ovs-vm-001/db.sock get port vm-001-ns04 tag",
      "20\n",
    ],
    ["vm-001-ns01", "ip -br address show dev eth0", "/24"],
  ],
};
