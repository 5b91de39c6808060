import { plainData } from "./json.ts";

/**
 * What {@link renderJson} prints, as YAML 1.2, with quotes where a YAML 1.1 reader would see a number or a boolean.
 * The writer is loaded on first use: it costs more than most commands' whole run.
 */
export async function renderYaml(data: unknown): Promise<string> {
  const { stringify } = await import("yaml");
  return stringify(plainData(data), {
    compat: "yaml-1.1",
    aliasDuplicateObjects: false,
    lineWidth: 0,
  });
}
