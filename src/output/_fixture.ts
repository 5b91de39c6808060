import type { View } from "./view.ts";

/** Two pods, with a wide column, a tone, a hole and a name that needs care. */
export const pods: View = {
  columns: [
    { key: "name" },
    { key: "state" },
    { key: "addresses", shrink: true },
    { key: "mtu", align: "right" },
    { key: "mac", title: "mac address", wide: true },
  ],
  rows: [
    {
      name: "vm-001-ns01",
      state: { text: "up", tone: "good" },
      addresses: "172.16.1.1/24,1000::1:ac10:101/120",
      mtu: 1430,
      mac: "02:00:00:00:00:01",
    },
    { name: "日本\u001b", state: { text: "down", tone: "bad" }, addresses: 'a "b"', mtu: 68n },
  ],
  data: { pods: new Map([["vm-001-ns01", { mtu: 1430, tx: 2n ** 60n, up: "yes" }]]) },
  names: ["pod/vm-001-ns01", "pod/日本\u001b"],
};
