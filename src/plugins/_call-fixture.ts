import type { LinkFact } from "../change/index.ts";
import { type Call, CniError, type JsonObject, type Result } from "../cni/index.ts";
import { parseIfName, parseMac, parsePrefix } from "../values/index.ts";

/** A call as tests of plans make it: network `net1`, container `c1`, interface `eth0`. */
export function callWith(conf: JsonObject, rest: Partial<Call> = {}): Call {
  return {
    command: "ADD",
    containerId: "c1",
    netns: "/run/netns/pod",
    ifname: "eth0",
    args: "",
    path: [],
    version: "1.1.0",
    network: "net1",
    conf,
    ...rest,
  };
}

/** What bridge would answer. */
export const bridged: Result = {
  interfaces: [
    { name: "br0", mac: "02:00:00:00:00:b0" },
    { name: "veth1", mac: "02:00:00:00:00:01" },
    { name: "eth0", mac: "02:00:00:00:00:02", mtu: 1500, sandbox: "/run/netns/pod" },
  ],
  ips: [
    { address: parsePrefix("10.0.0.2/24"), interface: 2 },
    { address: parsePrefix("fd00::2/64"), interface: 2 },
  ],
};

/** The container's end of a veth. */
export const eth0: LinkFact = {
  name: parseIfName("eth0"),
  kind: "veth",
  up: true,
  carrier: true,
  operState: "up",
  mtu: 1500,
  mac: parseMac("02:00:00:00:00:02"),
  index: 2,
  peerIndex: 7,
  txQueueLen: 1000,
  addrs: [],
};

/** What an error says, as one line: code, message and details. */
export function faultOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    return `${error.code} ${error.message}; ${error.details}`;
  }
  throw new Error("it should have failed");
}
