/** What `mn` took, s. */
export interface MininetRun {
  readonly start: number;
  /** Start and stop, and Python's own start. */
  readonly whole: number;
  /** The sentence it ends with: "completed in … seconds". */
  readonly own: number;
}

/**
 * `mn --topo single,N`: N hosts on one Linux bridge (the kernel here has no Open vSwitch module), IPv4 only, no default
 * routes, no test: less than netloom does. @throws {Error} with what mn said
 */
export async function mininet(hosts: number): Promise<MininetRun> {
  const mn = ["mn", "--switch", "lxbr", "--controller", "none", "--topo", `single,${hosts}`, "--test", "none"];
  // It raises limits of the whole machine where it can.
  const command = ["unshare", "-m", "sh", "-c", 'mount -n -o bind,ro /proc/sys /proc/sys && exec "$@"', "sh", ...mn];
  const from = performance.now();
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  let said = "";
  let started: number | undefined;
  const decoder = new TextDecoder();
  for await (const chunk of child.stderr) {
    said += decoder.decode(chunk, { stream: true });
    if (started === undefined && said.includes("*** Stopping")) started = performance.now();
  }
  const code = await child.exited;
  const to = performance.now();
  const own = /completed in ([\d.]+) seconds/.exec(said)?.[1];
  if (code !== 0 || started === undefined || own === undefined) throw new Error(`mn: exit ${code}\n${said}`);
  return { start: (started - from) / 1000, whole: (to - from) / 1000, own: Number(own) };
}
