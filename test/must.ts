/** What a program says on standard output, without white space at the ends. @throws {Error} with its complaints where it fails */
export function must(...command: readonly string[]): string {
  const { success, stdout, stderr } = Bun.spawnSync([...command], { stdin: "ignore" });
  if (!success) throw new Error(`${command.join(" ")}: ${stderr.toString()}`);
  return stdout.toString().trim();
}
