import { attrs, be16, bool8, choice, flag, mac, struct, u16, u32, u64, u8 } from "../../wire/index.ts";

/** `struct ifla_bridge_id`. */
export const bridgeId = struct({ priority: be16, mac });

/** IFLA_BRPORT_STATE: spanning tree state, `BR_STATE_*` of linux/if_bridge.h. */
const portState = choice(u8, { disabled: 0, listening: 1, learning: 2, forwarding: 3, blocking: 4 });

/** Of a port, only whether it forwards. */
export const bridgePortState = attrs(() => ({ state: [1, portState] }), "skip");

/** A bridge's view of one port: `IFLA_BRPORT_*` of linux/if_link.h. Timers in 1/100 s. */
export const bridgePort = attrs(() => ({
  state: [1, portState], // IFLA_BRPORT_STATE
  priority: [2, u16], // IFLA_BRPORT_PRIORITY
  cost: [3, u32], // IFLA_BRPORT_COST
  /** Frames may leave by the port they came from. */
  hairpin: [4, bool8], // IFLA_BRPORT_MODE
  bpduGuard: [5, bool8], // IFLA_BRPORT_GUARD
  rootBlock: [6, bool8], // IFLA_BRPORT_PROTECT
  fastLeave: [7, bool8], // IFLA_BRPORT_FAST_LEAVE
  learning: [8, bool8], // IFLA_BRPORT_LEARNING
  flood: [9, bool8], // IFLA_BRPORT_UNICAST_FLOOD
  proxyArp: [10, bool8], // IFLA_BRPORT_PROXYARP
  learningSync: [11, bool8], // IFLA_BRPORT_LEARNING_SYNC
  proxyArpWifi: [12, bool8], // IFLA_BRPORT_PROXYARP_WIFI
  rootId: [13, bridgeId], // IFLA_BRPORT_ROOT_ID
  bridgeId: [14, bridgeId], // IFLA_BRPORT_BRIDGE_ID
  designatedPort: [15, u16], // IFLA_BRPORT_DESIGNATED_PORT
  designatedCost: [16, u16], // IFLA_BRPORT_DESIGNATED_COST
  id: [17, u16], // IFLA_BRPORT_ID
  number: [18, u16], // IFLA_BRPORT_NO
  topologyChangeAck: [19, bool8], // IFLA_BRPORT_TOPOLOGY_CHANGE_ACK
  configPending: [20, bool8], // IFLA_BRPORT_CONFIG_PENDING
  messageAgeTimer: [21, u64], // IFLA_BRPORT_MESSAGE_AGE_TIMER
  forwardDelayTimer: [22, u64], // IFLA_BRPORT_FORWARD_DELAY_TIMER
  holdTimer: [23, u64], // IFLA_BRPORT_HOLD_TIMER
  flush: [24, flag], // IFLA_BRPORT_FLUSH
  /** 0 off, 1 by query, 2 always, 3 temporarily. */
  mcastRouter: [25, u8], // IFLA_BRPORT_MULTICAST_ROUTER
  mcastFlood: [27, bool8], // IFLA_BRPORT_MCAST_FLOOD
  mcastToUnicast: [28, bool8], // IFLA_BRPORT_MCAST_TO_UCAST
  vlanTunnel: [29, bool8], // IFLA_BRPORT_VLAN_TUNNEL
  bcastFlood: [30, bool8], // IFLA_BRPORT_BCAST_FLOOD
  groupFwdMask: [31, u16], // IFLA_BRPORT_GROUP_FWD_MASK
  neighSuppress: [32, bool8], // IFLA_BRPORT_NEIGH_SUPPRESS
  /** Isolated ports do not speak to each other. */
  isolated: [33, bool8], // IFLA_BRPORT_ISOLATED
  /** Index of the port that takes over, 0 for none. */
  backupPort: [34, u32], // IFLA_BRPORT_BACKUP_PORT
  mrpRingOpen: [35, bool8], // IFLA_BRPORT_MRP_RING_OPEN
  mrpInOpen: [36, bool8], // IFLA_BRPORT_MRP_IN_OPEN
  mcastEhtHostsLimit: [37, u32], // IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT
  mcastEhtHostsCount: [38, u32], // IFLA_BRPORT_MCAST_EHT_HOSTS_CNT
  locked: [39, bool8], // IFLA_BRPORT_LOCKED
  /** MAC authentication bypass. */
  mab: [40, bool8], // IFLA_BRPORT_MAB
  mcastGroups: [41, u32], // IFLA_BRPORT_MCAST_N_GROUPS
  mcastMaxGroups: [42, u32], // IFLA_BRPORT_MCAST_MAX_GROUPS
  neighVlanSuppress: [43, bool8], // IFLA_BRPORT_NEIGH_VLAN_SUPPRESS
  /** FDB nexthop object, 0 for none. */
  backupNhId: [44, u32], // IFLA_BRPORT_BACKUP_NHID
}));
