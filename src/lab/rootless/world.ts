import { readlinkSync, statSync, symlinkSync } from "node:fs";
import { Fd, MS, bindMount, createFile, exec, listDir, makeDir, mount, unmount, writeAll } from "../../sys/index.ts";

/**
 * Becomes the keeper: gives the mount namespace a /run of its own (with everything of the old one in it), so that namespaces
 * can be pinned in /run/netns, says its process number, and sleeps. Returns only by throwing.
 * @throws {SysError}
 */
export function becomeKeeper(): never {
  ownRun();
  // The reader takes the first line as "ready".
  writeAll(new Fd(STDOUT), new TextEncoder().encode(`${process.pid}\n`), "say that the keeper is ready");
  return exec(["sleep", "infinity"]);
}

const STDOUT = 1;

/** Built on /tmp for want of another folder that is surely there; it is uncovered again at the end. */
const SCAFFOLD = "/tmp";

function ownRun(): void {
  mount("netloom", SCAFFOLD, "tmpfs", MS.NOSUID | MS.NODEV, "mode=755");
  for (const name of listDir("/run")) {
    const from = `/run/${name}`;
    const to = `${SCAFFOLD}/${name}`;
    const stat = statSync(from, { throwIfNoEntry: false });
    const target = linkTarget(from);
    if (target !== undefined) symlinkSync(target, to);
    else if (stat?.isDirectory() === true) {
      makeDir(to);
      bindMount(from, to, MS.REC);
    } else if (stat?.isFile() === true) {
      createFile(to);
      bindMount(from, to);
    }
  }
  for (const own of ["netns", "utsns"]) {
    // What was pinned there belongs to the host.
    makeDir(`${SCAFFOLD}/${own}`);
    mount("netloom", `${SCAFFOLD}/${own}`, "tmpfs", MS.NOSUID | MS.NODEV, "mode=755");
  }
  bindMount(SCAFFOLD, "/run", MS.REC);
  unmount(SCAFFOLD);
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EINVAL") return undefined;
    throw error;
  }
}
