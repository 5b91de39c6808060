/** The steps of xcluster's netns_test as a shell script does them: one `ip` per request, one pod after the other. */

/** A function of the script, and what it does for all pods. */
export interface ScriptStep {
  readonly name: string;
  readonly lines: readonly string[];
}

/** Begins every script. Names and addresses are reckoned by the shell itself: nothing is started for them. */
const rules = (pods: number): readonly string[] => [
  "set -e",
  "mkdir -p /run/netns /run/utsns",
  `pods() { i=1; while [ $i -le ${pods} ]; do [ $i -le 9 ] && P=vm-001-ns0$i || P=vm-001-ns$i; "$1"; i=$((i + 1)); done; }`,
  'hex() { printf "%02x" "$1"; }',
  "quiet() { echo 0 >/proc/sys/net/ipv6/conf/$1/accept_dad; echo 0 >/proc/sys/net/ipv6/conf/$1/accept_ra; }",
];

/** What is done for one pod, in a function of the script; `P` is its name and `i` its number. */
export const scriptSteps: readonly ScriptStep[] = [
  {
    name: "create",
    lines: [
      "one() { ip netns add $P; touch /run/utsns/$P",
      '  unshare --uts=/run/utsns/$P nsenter --net=/run/netns/$P sh -c "hostname $P; ip link set up dev lo"; }',
      "pods one",
    ],
  },
  {
    name: "veth",
    lines: [
      "one() { ip link add $P type veth peer name host",
      "  ip link set dev host netns $P",
      "  ip netns exec $P ip link set dev host name eth0",
      "  ip netns exec $P sh -c 'echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad; echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_ra'",
      "  ip netns exec $P ip link set dev eth0 addrgenmode none",
      "  ip netns exec $P ip link set up dev eth0",
      "  quiet $P; ip link set dev $P addrgenmode none; ip link set up dev $P; }",
      "pods one",
    ],
  },
  {
    name: "assign_addresses",
    lines: [
      "one() { ip netns exec $P ip addr replace 172.16.1.$i/24 dev eth0",
      "  ip netns exec $P ip -6 addr replace 1000::1:ac10:1$(hex $i)/120 dev eth0; }",
      "pods one",
    ],
  },
  {
    name: "linux_bridge",
    lines: [
      "ip link add name br0 type bridge; echo 0 >/proc/sys/net/ipv6/conf/br0/accept_dad; ip link set up dev br0",
      "ip addr replace 172.16.1.0/24 dev br0; ip -6 addr replace 1000::1:ac10:100/120 dev br0",
      "one() { ip link set dev $P master br0; }",
      "pods one",
    ],
  },
  {
    name: "default_route",
    lines: [
      "one() { ip netns exec $P ip route replace default via 172.16.1.0",
      "  ip netns exec $P ip -6 route replace default via 1000::1:ac10:100; }",
      "pods one",
    ],
  },
];

/** A step as a whole script. */
export function scriptOf({ lines }: ScriptStep, pods: number): string {
  return [...rules(pods), ...lines, ""].join("\n");
}

/** Takes all of it away. */
export function scriptDown(pods: number): string {
  const lines = ["one() { ip netns del $P; umount /run/utsns/$P; rm /run/utsns/$P; }", "pods one", "ip link del br0"];
  return [...rules(pods), ...lines, ""].join("\n");
}
