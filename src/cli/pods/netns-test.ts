import { readSmall } from "../../sys/index.ts";

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
  const { printing } = await import("../../xcluster/index.ts");
  const print = Object.hasOwn(printing, name) ? printing[name] : undefined;
  if (print !== undefined) return (await import("./printing.ts")).printIt(print, words, hostname());
  return (await import("./act.ts")).act(name, words, hostname());
}

/** Of the caller's own UTS namespace. */
function hostname(): string {
  return readSmall("/proc/sys/kernel/hostname") ?? "";
}
