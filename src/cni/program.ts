/** A plugin as a process. Nothing is loaded that the command does not need. */
import { readStdin, readStdinIfAny, writeStderr, writeStdout } from "./stdio.ts";
import { aboutText, versionAnswer } from "./version.ts";
import type { Served } from "./serve.ts";

/**
 * Serves the call that this process is, and returns its exit code. VERSION, which podman asks of every plugin before each command,
 * takes nothing of the plugin at all.
 * @param release - netloom's own version
 */
export async function runProgram(served: Served, release: string): Promise<number> {
  switch (process.env["CNI_COMMAND"]) {
    case undefined:
    case "":
      writeStderr(aboutText(served.name, release, served.versions));
      return 0;
    case "VERSION":
      return sayVersions(served);
    default:
      return (await import("./process-call.ts")).serveProcess(served, {
        env: process.env,
        read: readStdin,
        write: writeStdout,
        log: writeStderr,
      });
  }
}

function sayVersions({ name, versions }: Served): number {
  try {
    writeStdout(versionAnswer(readStdinIfAny(), versions));
    return 0;
  } catch (error) {
    writeStderr(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
