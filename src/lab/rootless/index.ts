import { changeFolder, exec, workingFolder } from "../../sys/index.ts";
import { stateRoot } from "../places.ts";
import { endKeeper, findKeeper, startKeeper } from "./keeper.ts";
import { selfCommand } from "./self.ts";

export { endKeeper, findKeeper } from "./keeper.ts";
export { becomeKeeper } from "./world.ts";

/** Is this an ordinary user's process that has not entered the user namespace of its labs? */
export function isOutside(): boolean {
  return process.geteuid?.() !== 0 && process.env["NETLOOM_INSIDE"] === undefined;
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
    ["nsenter", "--target", `${keeper.pid}`, "--user", "--net", "--mount", "--uts", "--preserve-credentials", "--", ...selfCommand(), ...args],
    { ...process.env, NETLOOM_INSIDE: "1", NETLOOM_STATE_DIR: stateRoot(), NETLOOM_FOLDER: workingFolder() },
  );
}

/** Inside: goes back to the folder the user was in; entering a mount namespace leaves it. */
export function settleInside(): void {
  const folder = process.env["NETLOOM_FOLDER"];
  if (folder !== undefined) changeFolder(folder);
}

/** After the last lab is gone nothing needs to be kept. */
export function endKeeperIfUnused(labs: readonly string[]): void {
  if (process.env["NETLOOM_INSIDE"] !== undefined && labs.length === 0) endKeeper();
}
