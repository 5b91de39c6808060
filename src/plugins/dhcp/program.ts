/** `dhcp daemon [flags]`, with the flags of the reference's daemon. */
import { CniError } from "../../cni/index.ts";
import { O, SysError, openFile, removeFile, writeAll, writeText } from "../../sys/index.ts";
import { systemClock } from "./clock.ts";
import { Daemon } from "./daemon.ts";
import { notesFolder } from "./protocol.ts";
import { SOCKET } from "./schema.ts";
import { Server } from "./server.ts";

/** What the flags say; times in milliseconds. */
export interface Flags {
  readonly socket: string;
  readonly pidFile?: string;
  readonly hostPrefix: string;
  readonly broadcast: boolean;
  readonly timeout: number;
  readonly resendMax: number;
  readonly resendTimeout: number;
}

export const usage = `dhcp daemon [-socketpath ${SOCKET}] [-pidfile FILE] [-hostprefix DIR] [-broadcast]
            [-timeout 10s] [-resendmax 62s] [-resendtimeout 208s]`;

/** Reads flags as Go does: one dash or two, a value after `=` or as the next word. @throws {TypeError} with what to write instead */
export function parseFlags(words: readonly string[]): Flags {
  const values = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const [, name = "", value] = /^--?([a-z]+)(?:=(.*))?$/s.exec(words[at] ?? "") ?? [];
    if (!["socketpath", "pidfile", "hostprefix", "broadcast", "timeout", "resendmax", "resendtimeout"].includes(name))
      throw new TypeError(`${JSON.stringify(words[at])} is no flag\n${usage}`);
    if (name === "broadcast") values.set(name, value ?? "true");
    else {
      const given = value ?? words[++at];
      if (given === undefined) throw new TypeError(`-${name} needs a value\n${usage}`);
      values.set(name, given);
    }
  }
  const pidFile = values.get("pidfile");
  return {
    socket: values.get("socketpath") ?? SOCKET,
    ...(pidFile !== undefined && pidFile !== "" && { pidFile }),
    hostPrefix: values.get("hostprefix") ?? "",
    broadcast: values.get("broadcast") === "true",
    timeout: duration("timeout", values.get("timeout") ?? "10s"),
    resendMax: duration("resendmax", values.get("resendmax") ?? "62s"),
    resendTimeout: duration("resendtimeout", values.get("resendtimeout") ?? "208s"),
  };
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A time as Go writes it, `3m28s`; in milliseconds. */
function duration(name: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text)
    throw new TypeError(`-${name} is ${JSON.stringify(text)}; write a time such as 10s or 3m28s\n${usage}`);
  return parts.reduce((sum, [, count = "", unit = ""]) => sum + Number(count) * (units[unit] ?? 0), 0);
}

/** Runs until SIGTERM or SIGINT; returns the exit code. Leases are left to the next daemon. */
export async function runDaemon(words: readonly string[]): Promise<number> {
  const log = (line: string): void => writeText(2, `netloom dhcp: ${line}\n`, "write to standard error");
  let flags: Flags;
  try {
    flags = parseFlags(words);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    log(error.message);
    return 2;
  }
  const { socket, pidFile, hostPrefix, broadcast, timeout, resendMax, resendTimeout } = flags;
  const patience = { longest: resendMax, total: resendTimeout };
  const daemon = new Daemon(
    { clock: systemClock, patience, timeout, broadcast, notes: notesFolder(socket), log },
    hostPrefix,
  );
  try {
    using _server = Server.open(socket, daemon);
    if (pidFile !== undefined) writePid(pidFile);
    daemon.resume();
    log(`listening on ${socket}, keeping ${daemon.leases} leases`);
    await ended();
    daemon.close();
    if (pidFile !== undefined) removeFile(pidFile);
    return 0;
  } catch (error) {
    if (!(error instanceof CniError) && !(error instanceof SysError)) throw error;
    log([error.message, error instanceof CniError ? error.details : undefined].filter(Boolean).join("; "));
    return 1;
  }
}

function writePid(path: string): void {
  using file = openFile(path, O.WRONLY | O.CREAT | O.TRUNC, 0o644);
  writeAll(file, new TextEncoder().encode(`${process.pid}\n`), `write ${path}`);
}

async function ended(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.once("SIGTERM", () => resolve());
  process.once("SIGINT", () => resolve());
  await promise;
}
