/** What tests of main plugins share: pods, an IPAM plugin of ours in this process, and the kernel as `ip -j` shows it. */
import type { Command, JsonObject } from "../../src/cni/index.ts";
import { type Answer, type Attached, call, sh, shown } from "./chained-call.ts";

/** Plugins that are this very program, so that they are called in this process. */
const PATH = "/run/cni-bin";
export const DATA = "/run/cni-data";

export function preparePlugins(): void {
  sh(`mkdir -p ${PATH}; for n in host-local static; do ln -sf ${process.execPath} ${PATH}/$n; done; ip link set lo up`);
}

export const four: JsonObject = hostLocal("10.7.0.0/24");
export const both: JsonObject = hostLocal("10.7.0.0/24", "fd07::/64");

export function hostLocal(...subnets: readonly string[]): JsonObject {
  const routes = subnets.map((subnet) => ({ dst: subnet.includes(":") ? "::/0" : "0.0.0.0/0" }));
  return { type: "host-local", dataDir: DATA, ranges: subnets.map((subnet) => [{ subnet }]), routes };
}

/** A plugin with a configuration, called as a runtime does: what ADD answered is told to CHECK and DEL. */
export class Attachment {
  readonly at: Attached;
  readonly #plugin: string;
  readonly #conf: JsonObject;
  #prevResult: unknown;

  constructor(plugin: string, conf: JsonObject, at: Attached) {
    this.#plugin = plugin;
    this.#conf = conf;
    this.at = { path: PATH, ...at };
  }

  async call(command: Command, more: JsonObject = {}, at: Partial<Attached> = {}): Promise<Answer> {
    const told = command === "ADD" || this.#prevResult === undefined ? {} : { prevResult: this.#prevResult };
    const answer = await call(this.#plugin, command, { ...this.at, ...at }, { ...this.#conf, ...told, ...more });
    if (command === "ADD" && answer.exit === 0) this.#prevResult = answer.out;
    return answer;
  }

  /** The error of a call that must fail, as `code msg; details`. */
  async fault(command: Command, more: JsonObject = {}, at: Partial<Attached> = {}): Promise<string> {
    const { exit, out } = await this.call(command, more, at);
    if (exit === 0) throw new Error(`${command} succeeded`);
    return `${out.code} ${out.msg}; ${out.details ?? ""}`;
  }
}

export interface Shown {
  readonly ifname: string;
  readonly address: string;
  readonly mtu: number;
  readonly operstate: string;
  readonly master?: string;
  readonly ifalias?: string;
  readonly link_index?: number;
  readonly ifindex: number;
  readonly promiscuity?: number;
  readonly flags: readonly string[];
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: JsonObject;
    readonly info_slave_data?: JsonObject;
  };
  readonly addr_info: readonly {
    readonly local: string;
    readonly prefixlen: number;
    readonly scope: string;
    readonly broadcast?: string;
    readonly tentative?: boolean;
  }[];
}

/** The links of a namespace, without loopback; the host's without one. */
export function links(netns?: string): readonly Shown[] {
  return shown<Shown>(`ip ${netns === undefined ? "" : `-n ${netns}`} -d -j addr`).filter(
    ({ ifname }) => ifname !== "lo",
  );
}

export function link(name: string, netns?: string): Shown {
  const found = links(netns).find(({ ifname }) => ifname === name);
  if (found === undefined) throw new Error(`there is no link ${name} in ${netns ?? "the host"}`);
  return found;
}

/** Addresses that somebody gave a link. */
export function addresses(name: string, netns?: string): readonly string[] {
  return link(name, netns).addr_info.flatMap(({ local, prefixlen, scope }) =>
    scope === "global" ? [`${local}/${prefixlen}`] : [],
  );
}

interface ShownRoute {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev: string;
  readonly metric?: number;
}

/** Routes as `DST via GATEWAY dev DEV`. */
export function routes(netns: string, family: 4 | 6): readonly string[] {
  return shown<ShownRoute>(`ip -n ${netns} -${family} -j route`)
    .filter(({ dst }) => !dst.startsWith("fe80:"))
    .map(({ dst, gateway, dev }) => `${dst}${gateway === undefined ? "" : ` via ${gateway}`} dev ${dev}`);
}

export function ping(netns: string, to: string): void {
  sh(`ip netns exec ${netns} ping -n -c 1 -W 2 ${to}`);
}

/** All that a plugin could leave: links, addresses, routes, rules, reservations; UNKNOWN is the state of a link that has just come up. */
export function picture(...pods: readonly string[]): string {
  const one = (netns: string) =>
    sh(`ip ${netns} -o link | grep -v ' lo:' | cut -d' ' -f2,3,9- | sed 's/@[^:]*//; s/ UNKNOWN mode/ UP mode/; s/qlen.*//' || true
      ip ${netns} -o addr | grep -v ' lo \\|link' || true; ip ${netns} route; ip ${netns} -6 route | grep -v fe80 || true`);
  const reserved = sh(`ls ${DATA}/* 2>/dev/null | grep -v 'last_reserved\\|lock\\|:' || true`);
  return [one(""), ...pods.map((pod) => one(`-n ${pod}`)), sh("nft list ruleset"), reserved].join("\n--\n");
}
