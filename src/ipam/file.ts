import {
  type Fd,
  O,
  SysError,
  changedAt,
  lockFile,
  makeDirs,
  openFile,
  publishFile,
  readFolder,
  readSmall,
  removeFile,
  replaceFile,
  tryOpenFile,
} from "../sys/index.ts";
import { type Ip, tryIp } from "../values/index.ts";
import { onDisk } from "./_disk.ts";
import { readIndex, writeIndex } from "./_index.ts";
import { Lines } from "./_lines.ts";
import { readRecord, recordText } from "./_record.ts";
import type { Ledger, OpenLedger, Owner, Reservation, Store } from "./store.ts";

/**
 * Reservations in a folder, as the CNI project's host-local keeps them, so that both can use it at the same time: one file per address,
 * `lock` for flock(2), and `last_reserved_ip.N`. An address's file is there with all its content or not at all.
 */
export class FileStore implements Store {
  readonly folder: string;

  /** @param folder - `<dataDir>/<network>`; made when the first address is reserved */
  constructor(folder: string) {
    this.folder = folder;
  }

  read<T>(body: (ledger: Ledger) => T): T {
    using lock = onDisk(this.folder, () => tryOpenFile(this.#lock));
    if (lock !== undefined) hold(this.folder, lock);
    return body(new FolderLedger(this.folder, load(this.folder)));
  }

  change<T>(body: (ledger: OpenLedger) => T): T {
    using lock = onDisk(this.folder, () => this.#makeLock());
    return this.#locked(lock, body);
  }

  free(select: (ledger: Ledger) => readonly Ip[]): readonly Ip[] {
    using lock = onDisk(this.folder, () => this.#lockFor(select));
    if (lock === undefined) return [];
    return this.#locked(lock, (ledger) => {
      const ips = select(ledger);
      ledger.release(ips);
      return ips;
    });
  }

  #locked<T>(lock: Fd, body: (ledger: OpenLedger) => T): T {
    hold(this.folder, lock);
    const loaded = load(this.folder);
    onDisk(this.folder, () => loaded.strays.forEach((name) => removeFile(`${this.folder}/${name}`)));
    const ledger = new FolderLedger(this.folder, loaded);
    try {
      return body(ledger);
    } finally {
      if (loaded.last !== undefined || ledger.changed) tryIndex(this.folder, loaded.lines);
    }
  }

  get #lock(): string {
    return `${this.folder}/lock`;
  }

  /** Made only if there is something to free: where nobody ever reserved anything, it may be that no file can be made. */
  #lockFor(select: (ledger: Ledger) => readonly Ip[]): Fd | undefined {
    const there = tryOpenFile(this.#lock);
    if (there !== undefined || changedAt(this.folder) === undefined) return there;
    return select(new FolderLedger(this.folder, load(this.folder))).length === 0 ? undefined : this.#makeLock();
  }

  #makeLock(): Fd {
    const there = tryOpenFile(this.#lock);
    if (there !== undefined) return there;
    makeDirs(this.folder);
    return openFile(this.#lock, O.RDONLY | O.CREAT, 0o750);
  }
}

function hold(folder: string, lock: Fd): void {
  onDisk(folder, () => {
    lockFile(lock, true);
  });
}

interface Loaded {
  readonly lines: Lines;
  /** By the place of the set; absent where the index told the rest, and this was not read. */
  readonly last?: ReadonlyMap<number, Ip>;
  /** What a program left behind that died within a change: whoever has the lock may remove it. */
  readonly strays: readonly string[];
}

const LAST = "last_reserved_ip.";
const isTemporary = (name: string): boolean => name.startsWith(".") && name.endsWith(".new");

function load(folder: string): Loaded {
  return onDisk(folder, () => {
    const known = readIndex(folder);
    if (known !== undefined) return { lines: known, strays: [] };
    const found: Reservation[] = [];
    const last = new Map<number, Ip>();
    const strays: string[] = [];
    const wanted = (name: string): boolean => name.startsWith(LAST) || tryIp(name) === name || isTemporary(name);
    for (const [name, text] of readFolder(folder, wanted)) {
      const ip = tryIp(name.startsWith(LAST) ? text.trim() : name);
      if (name.startsWith(LAST)) {
        if (ip !== undefined) last.set(Number(name.slice(LAST.length)), ip);
      } else if (ip === undefined || text.trim() === "") strays.push(name);
      else {
        const owner = readRecord(text);
        found.push(owner === undefined ? { ip } : { ip, owner });
      }
    }
    return { lines: Lines.of(found), last, strays };
  });
}

/** The index may fail: on a full disk the addresses are reserved or freed all the same, and the next call reads all. */
function tryIndex(folder: string, lines: Lines): void {
  try {
    writeIndex(folder, lines);
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
  }
}

class FolderLedger implements OpenLedger {
  changed = false;
  readonly #folder: string;
  readonly #lines: Lines;
  readonly #last: Map<number, Ip> | undefined;

  constructor(folder: string, { lines, last }: Loaded) {
    this.#folder = folder;
    this.#lines = lines;
    this.#last = last === undefined ? undefined : new Map(last);
  }

  taken(ip: Ip): boolean {
    return this.#lines.taken(ip);
  }

  of(owner: Owner): readonly Ip[] {
    return this.#lines.of(owner);
  }

  ownerOf(ip: Ip): Owner | undefined {
    return this.#lines.ownerOf(ip);
  }

  all(): readonly Reservation[] {
    return this.#lines.all();
  }

  last(set: number): Ip | undefined {
    if (this.#last !== undefined) return this.#last.get(set);
    return onDisk(this.#folder, () => tryIp(readSmall(`${this.#folder}/${LAST}${set}`)?.trim() ?? ""));
  }

  reserve(ip: Ip, owner: Owner, set: number): boolean {
    if (this.taken(ip)) return false;
    const utf8 = new TextEncoder();
    this.changed = true;
    const made = onDisk(this.#folder, () => publishFile(this.#folder, ip, utf8.encode(recordText(owner))));
    this.#lines.add(ip, made ? owner : undefined);
    if (!made) return false;
    try {
      onDisk(this.#folder, () => replaceFile(this.#folder, `${LAST}${set}`, utf8.encode(ip)));
      this.#last?.set(set, ip);
    } catch (error) {
      this.release([ip]);
      throw error;
    }
    return true;
  }

  release(ips: readonly Ip[]): void {
    const failures: unknown[] = [];
    for (const ip of ips) {
      this.changed = true;
      try {
        onDisk(this.#folder, () => removeFile(`${this.#folder}/${ip}`));
        this.#lines.remove(ip);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
