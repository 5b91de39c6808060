import { Job, type PodStatus, askingForRoot, ownNamespaces, statusOf } from "../../pods/index.ts";
import type { Tone, View } from "../../output/index.ts";

const tones: Readonly<Record<PodStatus["state"], Tone>> = {
  up: "good",
  bare: "warn",
  down: "bad",
  missing: "bad",
  incomplete: "bad",
  foreign: "bad",
};

/** Pods by name, or all that are ours. */
export interface PodsView extends View {
  readonly data: { readonly schemaVersion: 1; readonly pods: readonly PodStatus[] };
}

/** @throws {PodsError} `denied` */
export async function podsView(names: readonly string[]): Promise<PodsView> {
  const pods = await askingForRoot(() => {
    using job = new Job();
    return statusOf(job, names.length > 0 ? names : ownNamespaces(job));
  });
  return {
    columns: [
      { key: "pod" },
      { key: "state" },
      { key: "interface" },
      { key: "addresses", shrink: true },
      { key: "bridge" },
      { key: "gateways", wide: true },
      { key: "mtu", align: "right", wide: true },
      { key: "mac", wide: true },
    ],
    rows: pods.map(({ name, state, interfaces, bridge, gateways }) => ({
      pod: name,
      state: { text: state, tone: tones[state] },
      interface: interfaces.map((one) => one.name).join(" ") || undefined,
      addresses: interfaces.flatMap(({ addresses }) => addresses).join(" ") || undefined,
      bridge,
      gateways: gateways.join(" ") || undefined,
      mtu: interfaces[0]?.mtu,
      mac: interfaces[0]?.mac,
    })),
    data: { schemaVersion: 1, pods },
    names: pods.map(({ name }) => name),
  };
}

export function areUp({ data }: PodsView): boolean {
  return data.pods.every(({ state }) => state === "up");
}
