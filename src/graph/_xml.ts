import { visible } from "../output/text.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for XML content and attributes: markup as entities, and nothing that XML 1.0 section 2.2 forbids. */
export function escapeXml(text: string): string {
  return visible(text)
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (char) => entities[char] ?? "");
}

/** An element; `children` are XML already, attribute values are not. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly string[]
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join("");
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join("")}</${name}>`;
}

/** One line of text that stands on the baseline `y`. */
export function textAt(x: number, y: number, text: string, role?: string): string {
  return element("text", { x, y, class: role }, escapeXml(text));
}

/** A tooltip: the lines that belong to the element around it. */
export function tooltip(lines: readonly string[]): string {
  return element("title", {}, lines.map(escapeXml).join("\n"));
}
