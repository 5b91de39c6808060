import {
  type Call,
  CniError,
  HOST,
  type Plugin,
  type Result,
  type Work,
  codes,
  specVersions,
} from "../../cni/index.ts";
import { OpError } from "../../kernel/index.ts";
import { prevResultOf } from "../_chained.ts";
import { hasOldIptables } from "../_old-iptables.ts";
import { releaseAll } from "../_release.ts";
import { releaseStaleIptables } from "../_stale-iptables.ts";
import { releaseStaleRules } from "../_stale-rules.ts";
import {
  type Addresses,
  addressesOf,
  localnetAddress,
  localnetKey,
  portmapClear,
  portmapDelete,
  portmapPut,
  routeLocalnet,
  staleFlows,
} from "./plan.ts";
import { type PortmapConf, parsePortmap } from "./schema.ts";
import { portmapTable } from "./table.ts";

/** Publishes ports of a container on the host. */
export const portmap: Plugin<PortmapConf> = {
  name: "portmap",
  about: "publishes ports of a container on the host",
  versions: specVersions,
  parse: parsePortmap,

  async add(conf, call, work): Promise<Result> {
    const prev = prevResultOf(call, "portmap");
    if (conf.mappings.length === 0) return prev;
    const addresses = addressesOf(prev, call);
    if (conf.backend === "iptables") {
      const { publishByIptables } = await import("./iptables.ts");
      publishByIptables(conf, call, work, addresses);
    } else publish(conf, call, work, addresses);
    letLocalnetOut(conf, work, addresses);
    forgetFlows(conf, work, addresses);
    return prev;
  },

  async del(_, call, work): Promise<void> {
    await releaseAll(call, [
      { what: "published ports", do: () => work.kernel.run([portmapDelete(call)]) },
      { what: "ports published by others", do: () => work.kernel.run(portmapClear(call)) },
      {
        what: "ports published through iptables",
        async do() {
          if (hasOldIptables("nat")) (await import("./iptables.ts")).endByIptables(call, work);
        },
      },
    ]);
  },

  async check(conf, call, work): Promise<void> {
    const addresses = addressesOf(prevResultOf(call, "portmap"), call);
    const missing = [...(await missingRules(conf, call, work, addresses)), ...missingLocalnet(conf, work, addresses)];
    if (missing.length === 0) return;
    throw new CniError(
      codes.checkFailed,
      `published ports are not as ADD made them: ${missing[0]} is missing`,
      ["at runtimeConfig.portMappings: somebody changed it after ADD", ...missing.slice(1)].join("; "),
    );
  },

  async status({ backend }, _call, work): Promise<void> {
    const { needIptables, needNftables } = await import("../_ready.ts");
    if (backend === "iptables") needIptables("backend");
    else needNftables(work, portmapTable);
  },

  gc(_, call, work): Promise<void> {
    return releaseAll(call, [
      releaseStaleRules(call, work, "stale published ports", () => Promise.resolve(portmapTable)),
      releaseStaleIptables(call, work, async () => (await import("./iptables.ts")).stalePorts),
    ]);
  },
};

/** The last who wants a port gets it: whoever had it may have left without a word. */
function publish(conf: PortmapConf, call: Call, work: Work, addresses: Addresses): void {
  const put = portmapPut(conf, call, addresses);
  if (put === undefined) return;
  try {
    work.run([put]);
  } catch (error) {
    if (!(error instanceof OpError) || error.code !== "exists") throw error;
    work.warn(`portmap: takes a port that another attachment has published: ${error.message}`);
    work.run([{ ...put, taking: true }]);
  }
}

/** The host's own packets to 127.0.0.1 leave by the link to the container. */
function letLocalnetOut(conf: PortmapConf, work: Work, addresses: Addresses): void {
  const { kernel } = work;
  const ip = localnetAddress(conf, addresses);
  const dev = ip && kernel.wayTo(HOST, ip);
  if (dev !== undefined && kernel.sysctl(HOST, localnetKey(dev)) !== "1") work.run([routeLocalnet(dev)]);
}

/** A kernel that cannot forget flows publishes ports all the same. */
function forgetFlows(conf: PortmapConf, work: Work, addresses: Addresses): void {
  const ops = staleFlows(conf, addresses);
  if (ops.length === 0) return;
  try {
    work.run(ops);
  } catch (error) {
    if (!(error instanceof OpError)) throw error;
    work.warn(`portmap: datagrams of old flows may go astray: ${error.message}`);
  }
}

async function missingRules(
  conf: PortmapConf,
  call: Call,
  { kernel }: Work,
  addresses: Addresses,
): Promise<readonly string[]> {
  if (conf.mappings.length === 0) return [];
  if (conf.backend === "iptables") return (await import("./iptables.ts")).missingInIptables(conf, call, addresses);
  const put = portmapPut(conf, call, addresses);
  return put === undefined ? [] : kernel.missingRules(put);
}

function missingLocalnet(conf: PortmapConf, { kernel }: Work, addresses: Addresses): readonly string[] {
  const ip = localnetAddress(conf, addresses);
  const dev = ip && kernel.wayTo(HOST, ip);
  return dev === undefined || kernel.sysctl(HOST, localnetKey(dev)) === "1" ? [] : [`1 in ${localnetKey(dev)}`];
}
