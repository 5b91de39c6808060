import type { LinkFact, Op } from "../../change/index.ts";
import {
  type Call,
  CniError,
  HOST,
  type Interface,
  type Plugin,
  type Result,
  type Work,
  codes,
  specVersions,
} from "../../cni/index.ts";
import { OpError } from "../../kernel/index.ts";
import { type IfName, type Prefix, familyOf } from "../../values/index.ts";
import { deviceSysctl, freeIfName, hasIpv6, loopbackWithout6, planForwarding } from "../_interface.ts";
import { attach } from "../_ipam.ts";
import { interfaceOf, pairInterfaces, releasePair, releaseStalePairs } from "../_link.ts";
import { randomMac } from "../_mac.ts";
import { masquerade, releaseMasquerade } from "../_masq.ts";
import { aliasOf, hostNameOf } from "../_names.ts";
import { type Release, releaseAll, releaseAttached } from "../_release.ts";
import { settledLink, workingPort } from "../_settle.ts";
import {
  type Addressing,
  type BridgeFacts,
  type Pair,
  addressing,
  gatewayDevice,
  planAnnouncement,
  planBridge,
  planGatewayPort,
  planGateways,
  planPair,
  planPinned,
  planPod,
} from "./plan.ts";
import { type BridgeConf, readBridge } from "./schema.ts";
import { Shared } from "./shared.ts";

/** Connects containers to a bridge on the host. */
export const bridge: Plugin<BridgeConf> = {
  name: "bridge",
  about: "connects a container to a bridge on the host",
  versions: specVersions,

  parse: readBridge,
  add,

  async del(conf, call, work) {
    await releaseAll(call, [
      ...releaseAttached(releasePair(call, work), conf.ipam, call, work),
      ...(conf.macSpoofCheck ? [releaseSpoofCheck(call, work)] : []),
      ...(conf.masq === undefined ? [] : [releaseMasquerade(conf.masq, call, work)]),
    ]);
  },

  async check(conf, call, work) {
    const { checkBridge } = await import("./check.ts");
    await checkBridge(conf, call, work);
  },

  async status(conf, _call, work) {
    const { needAddresses, needKind, needMasquerade, needNftables, needPlan } = await import("../_ready.ts");
    needKind(work, "bridge");
    needKind(work, "veth");
    await needMasquerade(work, conf.masq);
    if (conf.macSpoofCheck) needNftables(work, (await import("../_spoof-check.ts")).spoofCheckTable);
    needPlan(() => planBridge(conf, factsFor(conf, work), randomMac(conf.bridge)));
    await needAddresses(work, conf.ipam);
  },

  async gc(conf, call, work) {
    const { releaseStaleMasquerade } = await import("../_masq-later.ts");
    const { releaseStaleRules } = await import("../_stale-rules.ts");
    await releaseAll(call, [
      ...releaseAttached(releaseStalePairs(call, work), conf.ipam, call, work),
      releaseStaleRules(
        call,
        work,
        "stale checks of senders",
        async () => (await import("../_spoof-check.ts")).spoofCheckTable,
      ),
      ...releaseStaleMasquerade(call, work),
    ]);
  },
};

async function add(conf: BridgeConf, call: Call, work: Work): Promise<Result> {
  const pod = freeIfName(call, work);
  const [host, alias] = [hostNameOf(call), aliasOf(call)];
  const pair: Pair = { pod, host, alias, podMac: conf.mac ?? randomMac(alias), hostMac: randomMac(host) };
  const shared = new Shared(work, conf.bridge);
  let facts = factsFor(conf, work);
  planBridge(conf, facts, pair.hostMac); // What is wrong with the bridge is said before anything is done.
  let addresses: Addressing | undefined;
  const given = await attach(
    call,
    work,
    conf.ipam,
    () => {
      facts = makeBridge(conf, facts, work, shared);
      return planPair(conf, pair, facts, defaultVlanOf(facts.bridge));
    },
    (result) => {
      addresses = result && addressing(conf, result);
      if (addresses !== undefined) makeGateways(conf, facts, addresses.gateways, work, shared);
      return planPod(conf, pod, addresses, result !== undefined && loopbackWithout6(work, result));
    },
  );
  const ips = addresses?.ips ?? [];
  if (conf.macSpoofCheck) {
    const { spoofCheckPut } = await import("../_spoof-check.ts");
    work.run([spoofCheckPut(HOST, call, host, pair.podMac)]);
  }
  if (conf.masq !== undefined && addresses !== undefined) {
    await masquerade(
      conf.masq,
      call,
      work,
      ips.map(({ address }) => address),
    );
  }
  const interfaces = await interfacesOf(conf, call, work, pair, addresses);
  const dns = conf.dns ?? given?.dns;
  return {
    interfaces,
    ...(addresses && { ips, routes: addresses.routes }),
    ...(dns && { dns }),
  };
}

function factsFor({ bridge: name }: BridgeConf, { kernel }: Work): BridgeFacts {
  const found = kernel.link(HOST, name);
  if (found === undefined) return { ipv6: hasIpv6(kernel) };
  // A device has this where the kernel has IPv6.
  const accepts = kernel.sysctl(HOST, deviceSysctl(6, name, "accept_ra"));
  return { bridge: found, ipv6: accepts !== undefined, acceptsRa: accepts !== undefined && accepts !== "0" };
}

/** Two ADDs may make the bridge at the same time: the later one finds it. */
function makeBridge(conf: BridgeConf, facts: BridgeFacts, work: Work, shared: Shared): BridgeFacts {
  try {
    shared.run(planBridge(conf, facts, randomMac(conf.bridge)));
    return facts;
  } catch (error) {
    if (!(error instanceof OpError) || error.code !== "exists") throw error;
    const now = factsFor(conf, work);
    shared.run(planBridge(conf, now, randomMac(conf.bridge)));
    return now;
  }
}

/** What the bridge lets through each new port; nothing where it does not look at VLANs. */
function defaultVlanOf(found: LinkFact | undefined): number | undefined {
  const data = found?.data as { readonly vlanDefaultPvid?: number } | undefined;
  return data?.vlanDefaultPvid;
}

function makeGateways(
  conf: BridgeConf,
  facts: BridgeFacts,
  gateways: readonly Prefix[],
  work: Work,
  shared: Shared,
): void {
  if (gateways.length === 0) return;
  const name = gatewayDevice(conf);
  const port = conf.vlan === undefined ? undefined : makeGatewayPort(conf, facts, name, work, shared);
  const device = conf.vlan === undefined ? facts.bridge : port;
  const ops = planGateways(conf, { name, addrs: device?.addrs ?? [] }, gateways);
  const pinned: readonly Op[] = ops.length > 0 && facts.bridge !== undefined ? planPinned(conf, facts.bridge) : [];
  shared.run([...ops, ...pinned, ...planForwarding(gateways, work.kernel)]);
}

/** The port of the VLAN's gateway, as it was before; made where it was not. */
function makeGatewayPort(
  conf: BridgeConf,
  { ipv6, bridge: found }: BridgeFacts,
  name: IfName,
  work: Work,
  shared: Shared,
): LinkFact | undefined {
  const there = work.kernel.link(HOST, name);
  if (there !== undefined) return there;
  const port = hostNameOf({ network: conf.bridge, containerId: "gateway", ifname: name });
  const made = found ?? work.kernel.link(HOST, conf.bridge);
  const options = { name, port, mac: randomMac(name), ipv6 };
  shared.run(planGatewayPort(conf, made ?? { mtu: 1500 }, options, defaultVlanOf(made)));
  return undefined;
}

/** The interfaces as they are now: a bridge that was not ours follows its ports, and the pair's MTU is the kernel's choice. */
async function interfacesOf(
  conf: BridgeConf,
  { netns }: Call,
  work: Work,
  pair: Pair,
  addresses: Addressing | undefined,
): Promise<readonly Interface[]> {
  const { kernel } = work;
  const { pod, host } = pair;
  const read = (name: string): LinkFact => {
    const link = kernel.link(HOST, name, { addrs: false });
    if (link !== undefined) return link;
    throw new CniError(codes.missing, `cannot ADD: somebody deleted the interface ${name} meanwhile`);
  };
  const port = conf.disabled ? read(host) : await workingPort(work, host, conf.bridge);
  if (addresses !== undefined) {
    if (conf.dad && addresses.ips.some(({ address }) => familyOf(address) === 6)) await settledLink(work, pod);
    work.run(planAnnouncement(pair));
  }
  const hasOwnPort = conf.vlan !== undefined && addresses !== undefined && addresses.gateways.length > 0;
  return [
    interfaceOf(read(conf.bridge)),
    ...pairInterfaces(port, pair, netns),
    ...(hasOwnPort ? [interfaceOf(read(gatewayDevice(conf)))] : []),
  ];
}

function releaseSpoofCheck(call: Call, work: Work): Release {
  return {
    what: "the check of the sender's address",
    async do() {
      const { spoofCheckDelete } = await import("../_spoof-check.ts");
      const { referenceSpoofCheck } = await import("../_reference-rules.ts");
      work.kernel.run([spoofCheckDelete(HOST, call), ...referenceSpoofCheck(call)]);
    },
  };
}
