import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { E, SysError, makeDirs, readSmall, readWhole, removeFile, signal } from "../sys/index.ts";
import { OvsdbClient } from "./client.ts";
import { OvsdbError } from "./error.ts";

/** The two programs of a switch: its database, and what forwards. */
export const programs = ["ovsdb-server", "ovs-vswitchd"] as const;
type Program = (typeof programs)[number];

/** A daemon of ours that runs. */
export interface Daemon {
  readonly program: Program;
  readonly pid: number;
}

/** Where a switch's database listens. */
export const socketIn = (folder: string): string => join(folder, "db.sock");

const pidFile = (folder: string, program: Program): string => join(folder, `${program}.pid`);
const logFile = (folder: string, program: string): string => join(folder, `${program}.log`);

/** Programs of Open vSwitch that are not installed. An ordinary user's PATH does not lead to where they are. */
export function missingPrograms(): readonly string[] {
  return [...programs, "ovsdb-tool"].filter((name) => find(name) === undefined);
}

function find(program: string): string | undefined {
  return (
    Bun.which(program, { PATH: `${process.env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin` }) ?? undefined
  );
}

/**
 * The daemons of the switch that keeps its files in the folder: named by their pid files, and known by their command lines, for a
 * number may be another process's by now.
 */
export function daemonsIn(folder: string): readonly Daemon[] {
  return programs.flatMap((program) => {
    const pid = Number(readSmall(pidFile(folder, program)) ?? "");
    return Number.isInteger(pid) && pid > 0 && isOurs(pid, folder) ? [{ program, pid }] : [];
  });
}

/** Was this process started for the switch in the folder? */
export function isOurs(pid: number, folder: string): boolean {
  const words = argumentsOf(pid);
  return programs.some((program) => words.includes(`--pidfile=${pidFile(folder, program)}`));
}

/** The folder of the switch that a process was started for, if it is a daemon of one. */
export function folderOf(pid: number): string | undefined {
  for (const word of argumentsOf(pid)) {
    const [, folder] = /^--pidfile=(.+)\/(?:ovsdb-server|ovs-vswitchd)\.pid$/.exec(word) ?? [];
    if (folder !== undefined) return folder;
  }
  return undefined;
}

function argumentsOf(pid: number): readonly string[] {
  try {
    return (readSmall(`/proc/${pid}/cmdline`) ?? "").split("\0");
  } catch (error) {
    if (error instanceof SysError && (error.errno === E.ESRCH || error.errno === E.EACCES)) return [];
    throw error;
  }
}

/** Where a new process is born. */
export type Within = <T extends object>(start: () => T) => T;

/**
 * Starts the daemons that do not run, in the namespace that `within` leads to; the second time nothing. Their files are in the folder: database, sockets, pid files, logs.
 * @throws {OvsdbError} `missing` without Open vSwitch, `failed` with what the daemon said
 */
export function startDaemons(folder: string, within: Within): void {
  const missing = missingPrograms();
  if (missing.length > 0) throw notInstalled(missing);
  makeDirs(folder, 0o700);
  const running = new Set(daemonsIn(folder).map(({ program }) => program));
  if (!running.has("ovsdb-server")) {
    const database = join(folder, "conf.db");
    if (!existsSync(database)) {
      const draft = `${database}.new`;
      removeFile(draft);
      run(["ovsdb-tool", "create", draft], folder, within);
      renameSync(draft, database);
    }
    start("ovsdb-server", [database, `--remote=punix:${socketIn(folder)}`], folder, within);
  }
  if (running.has("ovs-vswitchd")) return;
  makeRoot(folder);
  start("ovs-vswitchd", [`unix:${socketIn(folder)}`], folder, within);
}

/** The row that all others hang on; ovs-vswitchd waits for it. */
function makeRoot(folder: string): void {
  using client = new OvsdbClient(socketIn(folder));
  try {
    client.transact([
      { op: "wait", table: "Open_vSwitch", where: [], columns: ["next_cfg"], rows: [], timeout: 0 },
      { op: "insert", table: "Open_vSwitch", row: {} },
    ]);
  } catch (error) {
    if (!(error instanceof OvsdbError) || error.reason !== "timed out") throw error;
  }
}

/** `--detach`: the call returns when the daemon is ready for its peers, or says why it is not. */
function start(program: Program, words: readonly string[], folder: string, within: Within): void {
  const files = [
    `--pidfile=${pidFile(folder, program)}`,
    `--unixctl=${join(folder, `${program}.ctl`)}`,
    `--log-file=${logFile(folder, program)}`,
  ];
  const until = performance.now() + START_PATIENCE_MS;
  for (;;) {
    try {
      run([program, ...words, ...files, "--detach", "-vconsole:off", "-vsyslog:off"], folder, within);
      return;
    } catch (error) {
      // The pid file is locked: by one whose starter was killed before it was ready, or that is ending thread by thread.
      const isTaken = error instanceof OvsdbError && error.message.includes("already running");
      if (!isTaken || performance.now() > until) throw error;
      if (daemonsIn(folder).some((daemon) => daemon.program === program)) return;
      Bun.sleepSync(STEP_MS);
    }
  }
}

const START_PATIENCE_MS = 5000;
const STEP_MS = 5;

function run([program = "", ...words]: readonly string[], folder: string, within: Within): void {
  // OVS_RUNDIR: where ovs-vswitchd puts the sockets of its bridges.
  const env = { ...process.env, OVS_RUNDIR: folder, OVS_LOGDIR: folder, OVS_DBDIR: folder };
  const child = within(() =>
    Bun.spawnSync([find(program) ?? program, ...words], { stdin: "ignore", stdout: "ignore", stderr: "pipe", env }),
  );
  if (child.exitCode === 0) return;
  const said = child.stderr.toString().trim();
  const log = said === "" ? lastLines(folder, program) : said;
  throw new OvsdbError("failed", `${program} did not start${log === "" ? "" : `: ${log}`}`);
}

function lastLines(folder: string, program: string): string {
  const log = readWhole(logFile(folder, program)) ?? "";
  return log.trim().split("\n").slice(-3).join("\n");
}

/** The last that ovs-vswitchd complained of in its log; nothing if it never did. It writes a little later than it acts. */
export function complaintsIn(folder: string): string | undefined {
  const until = performance.now() + LOG_PATIENCE_MS;
  for (;;) {
    const log = readWhole(logFile(folder, "ovs-vswitchd")) ?? "";
    const said = [...log.matchAll(/\|(?:WARN|ERR|EMER)\|(.+)/g)].map(([, text = ""]) => text);
    if (said.length > 0) return said.slice(-5).join("; ");
    if (performance.now() > until) return undefined;
    Bun.sleepSync(STEP_MS);
  }
}

const LOG_PATIENCE_MS = 200;

function notInstalled(missing: readonly string[]): OvsdbError {
  return new OvsdbError(
    "missing",
    `Open vSwitch is not installed: there is no ${missing.join(", ")}; install it, on Debian by: apt-get install openvswitch-switch`,
  );
}

const STOP_PATIENCE_MS = 3000;
const SIGTERM = 15;
const SIGKILL = 9;

/** Ends the daemons of the switch in the folder, and others of it that are known by number; waits until they are gone. */
export function stopDaemons(folder: string, more: readonly number[] = []): void {
  for (const _ of stoppingDaemons(folder, more));
}

/** {@link stopDaemons} that halts when they are told: going on waits for them. */
export function* stoppingDaemons(folder: string, more: readonly number[]): Generator<undefined, void> {
  const found = daemonsIn(folder).map(({ pid }) => pid);
  // What forwards goes first: the other would be missed by it.
  const pids = [...new Set([...found.toReversed(), ...more.filter((pid) => isOurs(pid, folder))])];
  for (const pid of pids) tell(pid, SIGTERM);
  yield;
  const until = performance.now() + STOP_PATIENCE_MS;
  for (const pid of pids) {
    while (isOurs(pid, folder)) {
      if (performance.now() > until) tell(pid, SIGKILL);
      Bun.sleepSync(STEP_MS);
    }
  }
  for (const program of programs) removeFile(pidFile(folder, program));
}

function tell(pid: number, what: number): void {
  try {
    signal(pid, what);
  } catch (error) {
    if (!(error instanceof SysError) || error.errno !== E.ESRCH) throw error;
  }
}
