import { version } from "../../package.json";
import { aboutText, readStdin, readStdinIfAny, serve, versionAnswer, versionsFrom, writeStdout } from "../cni/index.ts";
import { oldestVersions, plugins } from "../plugins/index.ts";

/**
 * A call of a plugin, from its variables to its exit code; `undefined` where there is no plugin of that name. What it does not
 * need is not loaded: VERSION, which podman asks of every plugin before each command, takes nothing of the plugin at all.
 */
export async function servePlugin(name: string): Promise<number | undefined> {
  const load = plugins[name];
  if (load === undefined) return undefined;
  const versions = versionsFrom(oldestVersions[name] ?? "0.1.0");
  switch (process.env["CNI_COMMAND"]) {
    case undefined:
    case "":
      console.error(aboutText(name, version, versions));
      return 0;
    case "VERSION":
      writeStdout(versionAnswer(readStdinIfAny(), versions));
      return 0;
    default: {
      const log = (line: string): void => console.error(line);
      const io = { env: process.env, read: readStdin, write: writeStdout, log };
      return serve({ name, versions, load, find: (type) => plugins[type] }, io);
    }
  }
}
