// Control characters, line and paragraph separators, and the characters that reorder a line (Unicode UAX #9): a name that
// holds one could move the cursor, forge a line, or read backwards.
const unprintable = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu;

/** The text with everything that would disturb a terminal spelt out, as in `\x1b` or `\u202e`. */
export function visible(text: string): string {
  return text.replace(unprintable, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** The text in at most `width` terminal columns; what is cut away leaves a `…`. */
export function cut(text: string, width: number): string {
  return width < 1 ? "" : Bun.sliceAnsi(text, 0, width, "…");
}

/** The text with blanks up to `width` terminal columns, on the side that `align` leaves free. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const blanks = " ".repeat(Math.max(0, width - Bun.stringWidth(text)));
  return align === "left" ? text + blanks : blanks + text;
}
