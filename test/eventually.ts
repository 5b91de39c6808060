/**
 * Waits for what the machine does in its own time (a process that ends, a device that the kernel looks at), and no longer than it
 * takes. The limit is generous: a busy machine is no failure.
 * @throws {Error} when it is not so after `limitMs`
 */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  const until = performance.now() + limitMs;
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error(`after ${limitMs / 1000} s still not so: ${what}`);
    await Bun.sleep(5);
  }
}
