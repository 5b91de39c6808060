/** Pods by CNI: configuration and results stand where `netns_test` has them; the plugins are ours, and called in this process. */
import { CniError, type JsonObject, type Plugin, callOf, parseConf, perform } from "../cni/index.ts";
import { netnsPath } from "../netns/index.ts";
import { plugins } from "../plugins/index.ts";
import { makeDir, readWhole, removeFile, replaceFile, writeText } from "../sys/index.ts";
import { type Prefix, tryPrefix } from "../values/index.ts";
import { netsOf } from "../xcluster/index.ts";
import { podsErrorOf } from "./denied.ts";
import { PodsError } from "./error.ts";
import { type Job, NODE } from "./job.ts";
import type { LocalNode, LocalPod } from "./local-node.ts";
import { refuseForeign, requirePods } from "./pins.ts";

const FOLDER = "/etc/cni";
const FILE = "10-bridge.conf";
export const CNI_CONF = `${FOLDER}/${FILE}`;
const RESULTS = "/tmp";
const PLUGINS = "/opt/cni/bin";

const resultFile = (pod: string): string => `${pod}.json`;

/** The network of this node: the plugin bridge, with addresses of the node's own net. */
function bridgeConf(node: LocalNode): string {
  const subnets = node.wanted(netsOf(node.settings.templates, node.net));
  const conf = {
    cniVersion: "1.0.0",
    name: "xnet",
    type: "bridge",
    isDefaultGateway: true,
    hairpinMode: true,
    ipam: { type: "host-local", ranges: subnets.map((subnet) => [{ subnet }]) },
  };
  return `${JSON.stringify(conf, undefined, 2)}\n`;
}

/** Writes it; a file that says the same stays as it is. @throws {SysError} */
export function writeBridgeConf(node: LocalNode): void {
  makeDir(FOLDER);
  makeDir(`${FOLDER}/net.d`);
  const text = bridgeConf(node);
  if (readWhole(CNI_CONF) !== text) replaceFile(FOLDER, FILE, new TextEncoder().encode(text), 0o644);
}

/** @throws {PodsError} `missing` where there is none, or its plugin is not ours; `failed` where it is none */
function readConf(): { readonly text: string; readonly conf: JsonObject; readonly plugin: () => Promise<Plugin> } {
  const text = readWhole(CNI_CONF);
  if (text === undefined) throw new PodsError("missing", "Bridge not configured");
  const conf = parsed(text);
  const { type } = conf;
  const plugin = typeof type === "string" && Object.hasOwn(plugins, type) ? plugins[type] : undefined;
  if (plugin !== undefined) return { text, conf, plugin };
  throw new PodsError(
    "missing",
    type === undefined ? `${CNI_CONF} names no plugin` : `${CNI_CONF}: netloom has no plugin ${JSON.stringify(type)}`,
    "cni_bridge_configure writes one that does; netloom cni add takes lists, and the plugins of others",
  );
}

function parsed(text: string): JsonObject {
  try {
    return parseConf(text);
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    throw new PodsError("failed", `${CNI_CONF}: ${error.message}`, "cni_bridge_configure writes it anew", error);
  }
}

type Network = ReturnType<typeof readConf>;

async function call(
  network: Network,
  command: "ADD" | "DEL",
  { name, ifname }: LocalPod,
): Promise<JsonObject | undefined> {
  const plugin = await network.plugin();
  const environment = {
    command,
    containerId: name,
    netns: netnsPath(name),
    ifname,
    args: "",
    path: [PLUGINS],
    ownNetns: false,
  };
  const log = (line: string): void => writeText(2, `${line}\n`, "write to standard error");
  const one = { ...callOf(environment, network.conf, plugin.versions, log), text: network.text };
  return perform(plugin, one, {
    env: { ...process.env, CNI_PATH: PLUGINS },
    stdin: network.text,
    find: (type) => plugins[type],
    isOwnFirst: true,
    log,
  });
}

/**
 * Attaches pods one after the other, so that their addresses follow their order, and writes what the plugin answered to
 * `/tmp/POD.json`. One that fails has the others detached that this call attached. @throws {PodsError} `missing`, `failed`
 */
export async function startCni(job: Job, pods: readonly LocalPod[]): Promise<void> {
  const network = readConf();
  requirePods(
    job.kernel,
    pods.map(({ name }) => name),
  );
  const started: LocalPod[] = [];
  const results = new Map<string, JsonObject>();
  for (const pod of pods) {
    try {
      results.set(pod.name, await attached(job, network, pod));
    } catch (error) {
      const left = await detached(network, started);
      const explained = podsErrorOf(error);
      if (explained instanceof PodsError) throw explained;
      throw new PodsError(
        "failed",
        [`attach ${pod.name} by ${CNI_CONF}: ${saidOf(error, pod)}`, ...left].join("\n"),
        "cni_bridge_stop detaches pods that are attached",
        error,
      );
    }
    started.push(pod);
  }
  for (const [name, result] of results) {
    const text = `${JSON.stringify(result, undefined, 4)}\n`;
    replaceFile(RESULTS, resultFile(name), new TextEncoder().encode(text), 0o644);
  }
}

/** A process that was killed leaves attachments without their results: those are made anew. */
async function attached(job: Job, network: Network, pod: LocalPod): Promise<JsonObject> {
  try {
    return (await call(network, "ADD", pod)) ?? {};
  } catch (error) {
    if (readWhole(`${RESULTS}/${resultFile(pod.name)}`) !== undefined || !isByPlugin(job, pod)) throw error;
    if ((await detached(network, [pod])).length > 0) throw error;
    return (await call(network, "ADD", pod)) ?? {};
  }
}

/** Whether a pod's interface is a plugin's, or not there: DEL takes what has its name, whoever made it. */
function isByPlugin({ kernel }: Job, { name, ifname }: LocalPod): boolean {
  const inside = kernel.link(name, ifname, { addrs: false });
  if (inside === undefined) return true;
  const links = kernel.facts({ namespaces: [NODE], depth: "links" }).get(NODE)?.links ?? [];
  return links.some(({ index, alias }) => index === inside.peerIndex && alias?.startsWith("cni:") === true);
}

/** What a plugin says, with the pod's own name for what it calls `pod`. */
function saidOf(error: unknown, { name }: LocalPod): string {
  const message = error instanceof Error ? error.message : String(error);
  const details = error instanceof CniError && error.details !== undefined ? `; ${error.details}` : "";
  return `${message}${details}`
    .replaceAll("ip -n pod ", `ip -n ${name} `)
    .replaceAll("ip netns exec pod ", `ip netns exec ${name} `);
}

/** Detaches pods; those that are not attached are fine. @throws {PodsError} `missing`, `failed`; `conflict` for a foreign namespace */
export async function stopCni(job: Job, pods: readonly LocalPod[]): Promise<void> {
  const network = readConf();
  refuseForeign(
    job.kernel,
    pods.map(({ name }) => name),
  );
  const failures = await detached(network, pods);
  if (failures.length > 0) throw new PodsError("failed", failures.join("\n"));
  for (const { name } of pods) removeFile(`${RESULTS}/${resultFile(name)}`);
}

/** What could not be detached, and why. */
async function detached(network: Network, pods: readonly LocalPod[]): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const pod of pods.toReversed()) {
    try {
      await call(network, "DEL", pod);
    } catch (error) {
      const explained = podsErrorOf(error);
      if (explained instanceof PodsError) throw explained;
      failures.push(`detach ${pod.name}: ${saidOf(error, pod)}`);
    }
  }
  return failures;
}

/** The addresses that plugins gave to a pod. @throws {PodsError} `missing` where it was not attached, `failed` for no result */
export function attachedPrefixes(pod: string): readonly Prefix[] {
  const file = `${RESULTS}/${resultFile(pod)}`;
  const text = readWhole(file);
  if (text === undefined) {
    throw new PodsError("missing", `${pod} is not attached: there is no ${file}`, "cni_bridge_start attaches pods");
  }
  const { ips = [] } = resultIn(file, text);
  return ips.flatMap(({ address = "" }) => tryPrefix(address) ?? []);
}

function resultIn(file: string, text: string): { readonly ips?: readonly { readonly address?: string }[] } {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PodsError("failed", `${file} is no result: ${why}`, "cni_bridge_stop, then cni_bridge_start", error);
  }
}
