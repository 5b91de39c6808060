import { changeFolder, exec, identity, listDir, workingFolder } from "../../sys/index.ts";
import { placesOf, stateRoot } from "../places.ts";
import { endKeeper, findKeeper, startKeeper } from "./keeper.ts";
import { selfCommand } from "./self.ts";

export { endKeeper, findKeeper } from "./keeper.ts";
export { becomeKeeper } from "./world.ts";

/** Has this process entered the user namespace of its user's labs? There it is root. */
export function isInside(): boolean {
  return process.env["NETLOOM_INSIDE"] !== undefined;
}

/**
 * Starts this program again inside the user namespace of the user's labs, in place of this process. With `make` the
 * namespace is made if there is none; without, the call returns then: there are no labs.
 * @throws {LabError} `denied` when the host forbids user namespaces; {SysError} ENOENT without nsenter (util-linux)
 */
export async function enterUserNamespace(args: readonly string[], make: boolean): Promise<void> {
  const keeper = findKeeper() ?? (make ? await startKeeper() : undefined);
  if (keeper === undefined) return;
  exec(
    [
      "nsenter",
      "--target",
      `${keeper.pid}`,
      "--user",
      "--net",
      "--mount",
      "--uts",
      "--preserve-credentials",
      "--",
      ...selfCommand(),
      ...args,
    ],
    { ...process.env, NETLOOM_INSIDE: "1", NETLOOM_STATE_DIR: stateRoot(), NETLOOM_FOLDER: workingFolder() },
  );
}

/** What the kernel can do, tried inside; for `doctor`, which stays outside. */
export async function trialsText(): Promise<string> {
  const { tryAll } = await import("../doctor/scratch.ts");
  return JSON.stringify([...tryAll()]);
}

/** Inside: goes back to the folder the user was in; entering a mount namespace leaves it. */
export function settleInside(): void {
  const folder = process.env["NETLOOM_FOLDER"];
  if (folder !== undefined) changeFolder(folder);
}

/** After the last lab is gone, and while none is being made, nothing needs to be kept. */
export function endKeeperIfUnused(): void {
  if (!isInside()) return;
  const root = stateRoot();
  const used = listDir(root).some(
    (name) => name.endsWith(".lock") || identity(placesOf(name, root).state) !== undefined,
  );
  if (!used) endKeeper(root);
}
