/** Commands that only print, known by name so that others do not load them. */
const printing: readonly string[] = [
  "prerequisites",
  "for",
  "name",
  "compute_address",
  "address_pods",
  "rndaddress_node",
  "rndaddress_pods",
];

/**
 * `netns_test`, from its words to its exit code: printing commands, `exec`, and commands that change something, each loading no
 * more than it needs. Never throws.
 */
export async function netnsTest(argv: readonly string[]): Promise<number> {
  const [name = "", ...words] = argv;
  if (name === "" || name.startsWith("help") || name.toLowerCase().includes("-h")) {
    console.log((await import("./help.ts")).helpText());
    return 0;
  }
  if (name === "exec") return (await import("./exec.ts")).execInPod(words);
  if (printing.includes(name)) return (await import("./printing.ts")).print(name, words);
  return (await import("./act.ts")).act(name, words);
}
