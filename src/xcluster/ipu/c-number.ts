/** The largest and the smallest `long`. */
const most = (1n << 63n) - 1n;
const least = -(1n << 63n);

/** `(int)strtol(text, NULL, base)` of C, base 0 or 10: blanks and a sign before, junk after, nothing is 0, too much saturates at 64 bits and is cut to 32. */
export function cInt(text: string, base: 0 | 10): number {
  const [, sign, rest = ""] = /^[ \t\n\v\f\r]*([+-]?)(.*)$/s.exec(text) ?? [];
  const digits = base === 0 ? digitsOfAnyBase(rest) : (/^[0-9]+/.exec(rest)?.[0] ?? "0");
  const value = sign === "-" ? -BigInt(digits) : BigInt(digits);
  return Number(BigInt.asIntN(32, value > most ? most : value < least ? least : value));
}

/** `atoi` of C. */
export function atoi(text: string): number {
  return cInt(text, 10);
}

/** As a literal that `BigInt` reads: `0x` hexadecimal, another leading zero octal. */
function digitsOfAnyBase(text: string): string {
  const hex = /^0x[0-9a-f]+/i.exec(text)?.[0];
  if (hex !== undefined) return hex;
  const octal = /^0[0-7]*/.exec(text)?.[0];
  return octal === undefined ? (/^[0-9]+/.exec(text)?.[0] ?? "0") : `0o0${octal}`;
}
