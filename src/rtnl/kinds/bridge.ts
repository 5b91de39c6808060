import { attrs, be16, bool8, choice, flag, ip4, ip6, mac, s32, struct, u16, u32, u64, u8 } from "../../wire/index.ts";
import { bridgeId, bridgePort } from "./_bridge-port.ts";

/** `BRIDGE_QUERIER_*` of linux/if_bridge.h. */
const querierState = attrs(() => ({
  ip: [1, ip4], // BRIDGE_QUERIER_IP_ADDRESS
  ipPort: [2, s32], // BRIDGE_QUERIER_IP_PORT
  ipOtherTimer: [3, u64], // BRIDGE_QUERIER_IP_OTHER_TIMER
  ip6: [5, ip6], // BRIDGE_QUERIER_IPV6_ADDRESS
  ip6Port: [6, s32], // BRIDGE_QUERIER_IPV6_PORT
  ip6OtherTimer: [7, u64], // BRIDGE_QUERIER_IPV6_OTHER_TIMER
}));

/** A learning switch: `IFLA_BR_*` and, on its ports, `IFLA_BRPORT_*` of linux/if_link.h. Times in 1/100 s. */
export const bridge = {
  data: attrs(() => ({
    forwardDelay: [1, u32], // IFLA_BR_FORWARD_DELAY
    helloTime: [2, u32], // IFLA_BR_HELLO_TIME
    maxAge: [3, u32], // IFLA_BR_MAX_AGE
    ageingTime: [4, u32], // IFLA_BR_AGEING_TIME
    /** 0 off, 1 kernel STP, 2 user STP. */
    stpState: [5, u32], // IFLA_BR_STP_STATE
    priority: [6, u16], // IFLA_BR_PRIORITY
    vlanFiltering: [7, bool8], // IFLA_BR_VLAN_FILTERING
    vlanProtocol: [8, choice(be16, { "802.1q": 0x8100, "802.1ad": 0x88a8 })], // IFLA_BR_VLAN_PROTOCOL
    groupFwdMask: [9, u16], // IFLA_BR_GROUP_FWD_MASK
    rootId: [10, bridgeId], // IFLA_BR_ROOT_ID
    bridgeId: [11, bridgeId], // IFLA_BR_BRIDGE_ID
    rootPort: [12, u16], // IFLA_BR_ROOT_PORT
    rootPathCost: [13, u32], // IFLA_BR_ROOT_PATH_COST
    topologyChange: [14, bool8], // IFLA_BR_TOPOLOGY_CHANGE
    topologyChangeDetected: [15, bool8], // IFLA_BR_TOPOLOGY_CHANGE_DETECTED
    helloTimer: [16, u64], // IFLA_BR_HELLO_TIMER
    tcnTimer: [17, u64], // IFLA_BR_TCN_TIMER
    topologyChangeTimer: [18, u64], // IFLA_BR_TOPOLOGY_CHANGE_TIMER
    gcTimer: [19, u64], // IFLA_BR_GC_TIMER
    groupAddr: [20, mac], // IFLA_BR_GROUP_ADDR
    fdbFlush: [21, flag], // IFLA_BR_FDB_FLUSH
    /** 0 off, 1 by query, 2 always. */
    mcastRouter: [22, u8], // IFLA_BR_MCAST_ROUTER
    mcastSnooping: [23, bool8], // IFLA_BR_MCAST_SNOOPING
    mcastQueryUseIfaddr: [24, bool8], // IFLA_BR_MCAST_QUERY_USE_IFADDR
    mcastQuerier: [25, bool8], // IFLA_BR_MCAST_QUERIER
    mcastHashElasticity: [26, u32], // IFLA_BR_MCAST_HASH_ELASTICITY
    mcastHashMax: [27, u32], // IFLA_BR_MCAST_HASH_MAX
    mcastLastMemberCount: [28, u32], // IFLA_BR_MCAST_LAST_MEMBER_CNT
    mcastStartupQueryCount: [29, u32], // IFLA_BR_MCAST_STARTUP_QUERY_CNT
    mcastLastMemberInterval: [30, u64], // IFLA_BR_MCAST_LAST_MEMBER_INTVL
    mcastMembershipInterval: [31, u64], // IFLA_BR_MCAST_MEMBERSHIP_INTVL
    mcastQuerierInterval: [32, u64], // IFLA_BR_MCAST_QUERIER_INTVL
    mcastQueryInterval: [33, u64], // IFLA_BR_MCAST_QUERY_INTVL
    mcastQueryResponseInterval: [34, u64], // IFLA_BR_MCAST_QUERY_RESPONSE_INTVL
    mcastStartupQueryInterval: [35, u64], // IFLA_BR_MCAST_STARTUP_QUERY_INTVL
    nfCallIptables: [36, bool8], // IFLA_BR_NF_CALL_IPTABLES
    nfCallIp6tables: [37, bool8], // IFLA_BR_NF_CALL_IP6TABLES
    nfCallArptables: [38, bool8], // IFLA_BR_NF_CALL_ARPTABLES
    /** 0 for none. */
    vlanDefaultPvid: [39, u16], // IFLA_BR_VLAN_DEFAULT_PVID
    vlanStatsEnabled: [41, bool8], // IFLA_BR_VLAN_STATS_ENABLED
    mcastStatsEnabled: [42, bool8], // IFLA_BR_MCAST_STATS_ENABLED
    mcastIgmpVersion: [43, u8], // IFLA_BR_MCAST_IGMP_VERSION
    mcastMldVersion: [44, u8], // IFLA_BR_MCAST_MLD_VERSION
    vlanStatsPerPort: [45, bool8], // IFLA_BR_VLAN_STATS_PER_PORT
    /** `BR_BOOLOPT_*` bits; only those in `mask` are changed. */
    multiBoolOpt: [46, struct({ value: u32, mask: u32 })], // IFLA_BR_MULTI_BOOLOPT
    mcastQuerierState: [47, querierState], // IFLA_BR_MCAST_QUERIER_STATE
    fdbLearned: [48, u32], // IFLA_BR_FDB_N_LEARNED
    fdbMaxLearned: [49, u32], // IFLA_BR_FDB_MAX_LEARNED
  })),
  port: bridgePort,
  lower: "none",
} as const;
