import {
  type Call,
  CniError,
  HOST,
  POD,
  type Plugin,
  type Result,
  type Work,
  codes,
  versionsFrom,
} from "../../cni/index.ts";
import { type Ip, prefixIp } from "../../values/index.ts";
import { prevResultOf } from "../_chained.ts";
import { tryHostLink } from "../_host-link.ts";
import { hasOldIptables } from "../_old-iptables.ts";
import { releaseAll } from "../_release.ts";
import { releaseStaleIptables } from "../_stale-iptables.ts";
import { releaseStaleRules } from "../_stale-rules.ts";
import { busPath } from "./_bus-path.ts";
import { addressesOf, bridgeOf, firewallClear, firewallDelete, firewallPut, isolatePort, openPort } from "./plan.ts";
import { type Backend, type FirewallConf, parseFirewall } from "./schema.ts";
import { firewallTable } from "./table.ts";

/** Lets through what is forwarded to and from a container, and keeps containers of different networks apart. */
export const firewall: Plugin<FirewallConf> = {
  name: "firewall",
  about: "lets containers' traffic through the host's firewall; ingress policies",
  versions: versionsFrom("0.4.0"),
  parse: parseFirewall,

  async add(conf, call, work): Promise<Result> {
    const prev = prevResultOf(call, "firewall");
    const addresses = addressesOf(prev);
    const bridge = bridgeOf(prev, conf.policy);
    const backend = conf.backend ?? (await backendOfHost(work));
    if (backend === "firewalld") await (await firewalld()).admit(conf, work, addresses);
    if (backend === "iptables") {
      const { admitByIptables } = await import("./iptables.ts");
      admitByIptables(conf, call, work, addresses, bridge);
    } else if (backend === "nftables" || bridge !== undefined) {
      work.run([firewallPut(call, addresses, conf.policy, bridge)]);
    }
    if (backend !== "iptables") work.run(isolatePort(conf.policy, tryHostLink(call, work)));
    return prev;
  },

  async del(conf, call, work): Promise<void> {
    const addresses = knownAddresses(call, work);
    await releaseAll(call, [
      {
        what: "isolation of the bridge's port",
        do() {
          if (conf.policy === "isolated") work.kernel.run(openPort(conf.policy, tryHostLink(call, work)));
        },
      },
      { what: "the firewall's rules", do: () => work.kernel.run([firewallDelete(call)]) },
      { what: "the firewall's rules in iptables", do: () => work.kernel.run(firewallClear(call, addresses)) },
      {
        what: "the firewall's rules in the old iptables",
        async do() {
          if (hasOldIptables("filter")) (await import("./iptables.ts")).endByIptables(call, work, addresses);
        },
      },
      {
        what: "sources of firewalld",
        async do() {
          if ((conf.backend ?? "firewalld") !== "firewalld" || busPath() === undefined) return;
          if (addresses.length > 0) await (await firewalld()).dismiss(conf, work, addresses);
        },
      },
    ]);
  },

  async check(conf, call, work): Promise<void> {
    const prev = prevResultOf(call, "firewall");
    const missing = await missingOf(conf, call, work, prev);
    if (missing.length === 0) return;
    throw new CniError(
      codes.checkFailed,
      `the firewall is not as ADD made it: ${missing[0]} is missing`,
      ["somebody changed it after ADD", ...missing.slice(1)].join("; "),
    );
  },

  async status(conf, _call, work): Promise<void> {
    const { needIptables, needNftables } = await import("../_ready.ts");
    if (conf.backend === "firewalld" && !(await (await firewalld()).isRunning())) {
      throw new CniError(
        codes.notAvailable,
        "not ready: firewalld does not run",
        "at backend: start it, or write nftables",
      );
    }
    if (conf.backend === "iptables") needIptables("backend");
    needNftables(work, firewallTable);
  },

  gc(_, call, work): Promise<void> {
    return releaseAll(call, [
      releaseStaleRules(call, work, "stale rules of the firewall", () => Promise.resolve(firewallTable)),
      releaseStaleIptables(call, work, async () => (await import("./iptables.ts")).staleAdmissions),
    ]);
  },
};

const firewalld = () => import("./firewalld.ts");

/**
 * An accepting rule in a table of ours cannot undo what another table drops. So where firewalld or iptables decide what is
 * forwarded, they have to be told.
 */
async function backendOfHost(work: Work): Promise<Backend> {
  if (busPath() !== undefined && (await (await firewalld()).isRunning())) return "firewalld";
  const decides = (["ip", "ip6"] as const).some((family) =>
    work.kernel.hasChain(HOST, { family, name: "filter" }, "FORWARD"),
  );
  if (!decides && !hasOldIptables("filter")) return "nftables";
  if (Bun.which("iptables-restore") !== null) return "iptables";
  work.warn("firewall: there are rules of iptables, but no program iptables: what they drop is dropped");
  return "nftables";
}

/** Of the result and of the interface, if it is still there. */
function knownAddresses(call: Call, { kernel, pod }: Work): readonly Ip[] {
  const link = pod ? kernel.link(POD, call.ifname) : undefined;
  const live = (link?.addrs ?? []).filter(({ scope }) => scope === "global").map(({ prefix }) => prefixIp(prefix));
  return [...new Set([...addressesOf(call.prevResult ?? {}), ...live])];
}

async function missingOf(conf: FirewallConf, call: Call, work: Work, prev: Result): Promise<readonly string[]> {
  const addresses = addressesOf(prev);
  const bridge = bridgeOf(prev, conf.policy);
  const find = async (backend: Backend): Promise<readonly string[]> => {
    if (backend === "iptables") {
      return (await import("./iptables.ts")).missingInIptables(conf, call, addresses, bridge);
    }
    const sources = backend === "firewalld" ? await (await firewalld()).missing(conf, addresses) : [];
    const isByRules = backend === "nftables" || bridge !== undefined;
    const put = firewallPut(call, addresses, conf.policy, bridge);
    const port = isolatePort(conf.policy, tryHostLink(call, work)).map(() => "isolation of the bridge's port");
    return [...sources, ...(isByRules ? work.kernel.missingRules(put) : []), ...port];
  };
  if (conf.backend !== undefined) return find(conf.backend);
  // What decides on this host may be another since ADD.
  const lost = await find(await backendOfHost(work));
  return lost.length > 0 && (await find("nftables")).length === 0 ? [] : lost;
}
