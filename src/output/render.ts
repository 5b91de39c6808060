import { visible } from "./text.ts";
import { renderCsv } from "./csv.ts";
import { renderJson } from "./json.ts";
import { renderTable } from "./table.ts";
import type { TableOptions } from "./table.ts";
import type { Format, View } from "./view.ts";
import { renderYaml } from "./yaml.ts";

/**
 * The view in the format that was asked for, with a final line feed; only `yaml` is a promise. `options` count for
 * tables alone: the other formats are for programs and look the same everywhere.
 */
export function render(view: View, format: Format, options: Omit<TableOptions, "wide"> = {}): string | Promise<string> {
  switch (format) {
    case "table":
      return renderTable(view, options);
    case "wide":
      return renderTable(view, { ...options, wide: true });
    case "json":
      return renderJson(view.data);
    case "yaml":
      return renderYaml(view.data);
    case "name":
      return view.names.map((name) => `${visible(name)}\n`).join("");
    case "csv":
      return renderCsv(view);
  }
}
