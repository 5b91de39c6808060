import { type CacheEntry, listCached, netnsOf } from "../../cni/runtime/index.ts";
import type { Tone, View } from "../../output/index.ts";
import { nameOf } from "./attachment.ts";
import { type Live, lookAt } from "./live.ts";

const tones: Readonly<Record<Live["state"], Tone>> = {
  up: "good",
  down: "warn",
  missing: "bad",
  gone: "bad",
  unknown: "warn",
};

/** The attachments that are remembered, of all networks or of one. */
export function attachmentsView(cacheDir: string, network: string | undefined): View {
  const attachments = listCached(cacheDir)
    .filter((entry) => network === undefined || entry.network === network)
    .map(attachmentOf);
  return {
    columns: [
      { key: "network" },
      { key: "container", shrink: true },
      { key: "ifname", title: "interface" },
      { key: "state" },
      { key: "addresses" },
      { key: "mtu", align: "right", wide: true },
      { key: "mac", wide: true },
      { key: "netns", wide: true },
    ],
    rows: attachments.map(({ container, ifname, state, mtu, mac, netns, ...one }) => ({
      network: one.network,
      container,
      ifname,
      state: { text: state, tone: tones[state] },
      addresses: (state === "up" || state === "down" ? one.addresses : one.remembered).join(" "),
      mtu,
      mac,
      netns,
    })),
    data: { attachments },
    names: attachments.map(({ network: net, container, ifname }) =>
      nameOf({ network: net, containerId: container, ifname }),
    ),
  };
}

function attachmentOf(entry: CacheEntry) {
  const { network, containerId, ifname, args, capabilityArgs } = entry;
  return {
    network,
    container: containerId,
    ifname,
    netns: netnsOf(entry),
    ...lookAt(entry),
    /** The addresses that ADD answered. */
    remembered: addressesOf(entry),
    args: Object.fromEntries(args),
    capabilityArgs,
  };
}

function addressesOf({ result = {} }: CacheEntry): readonly string[] {
  const { ips, ip4, ip6 } = result as { readonly ips?: unknown; readonly ip4?: unknown; readonly ip6?: unknown };
  const texts = [
    ...(Array.isArray(ips) ? ips.map((one: { readonly address?: unknown }) => one.address) : []),
    ...[ip4, ip6].map((one) => (one as { readonly ip?: unknown } | undefined)?.ip),
  ];
  return texts.filter((one) => typeof one === "string");
}
