import type { PodStatus } from "../../pods/index.ts";

/** How pods are, as lines in columns. */
export function statusLines(pods: readonly PodStatus[]): readonly string[] {
  const rows = [
    ["POD", "STATE", "BRIDGE", "INTERFACES", "GATEWAYS"],
    ...pods.map(({ name, state, bridge = "-", interfaces, gateways }) => [
      name,
      state,
      bridge,
      interfaces.map((one) => [`${one.name} ${one.up ? "up" : "down"}`, ...one.addresses].join(" ")).join(", ") || "-",
      gateways.join(" ") || "-",
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
