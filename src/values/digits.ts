/** Whether a text is decimal digits and nothing else. By hand: an expression takes a process 0.1 ms before it answers first. */
export function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x30 || c > 0x39) return false;
  }
  return text !== "";
}
