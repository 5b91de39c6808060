/** Whether a name fits a pattern in which `*` stands for any text. */
export function matcher(pattern: string): (name: string) => boolean {
  if (pattern === "*") return () => true;
  if (!pattern.includes("*")) return (name) => name === pattern;
  const expression = new RegExp(
    `^${pattern
      .split("*")
      .map((part) => RegExp.escape(part))
      .join(".*")}$`,
    "s",
  );
  return (name) => expression.test(name);
}

/** `%d` or `%03d` in a name pattern becomes the number. */
export function numbered(pattern: string, number: number): string {
  return pattern.replace(/%(?:0([1-9]))?d/, (_, width?: string) => String(number).padStart(Number(width ?? 1), "0"));
}
