/**
 * The index: what all files of a folder say, in one file, so that a call need not read thousands. It is only a copy and is believed
 * only while the folder's time of change is the one that was set when the index was written. Whoever adds or removes a name, be it
 * another program or one of ours that died, changes that time to the present.
 */
import { O, changedAt, openFile, readWhole, removeFile, setChangedAt, writeAll } from "../sys/index.ts";
import { Lines } from "./_lines.ts";

const INDEX = ".netloom-index";

/** With fewer reservations reading all is cheaper than keeping an index. */
const WORTHWHILE = 16;

/** How far in the past the time lies that marks a folder: no clock writes it there again. */
const PAST = 10_000;

/** What the folder holds, or `undefined` when that must be read. */
export function readIndex(folder: string): Lines | undefined {
  const text = readWhole(`${folder}/${INDEX}`);
  if (text === undefined) return undefined;
  const end = text.indexOf("\n");
  const body = text.slice(end);
  return text.slice(0, end) === header(changedAt(folder), body) ? new Lines(body) : undefined;
}

/** Writes it, as the last step of a change. @throws {SysError} that does no harm: the next call reads all */
export function writeIndex(folder: string, lines: Lines): void {
  const body = lines.text;
  if (countLines(body) < WORTHWHILE) {
    removeFile(`${folder}/${INDEX}`);
    return;
  }
  const time = BigInt(Date.now() - PAST) * 1_000_000n + BigInt(Bun.nanoseconds() % 1_000_000);
  {
    using file = openFile(`${folder}/${INDEX}`, O.WRONLY | O.CREAT | O.TRUNC, 0o600);
    writeAll(file, new TextEncoder().encode(header(time, body) + body), `write ${folder}/${INDEX}`);
  }
  setChangedAt(folder, time);
}

function countLines(body: string): number {
  let count = -1;
  for (let at = body.indexOf("\n"); at >= 0 && count < WORTHWHILE; at = body.indexOf("\n", at + 1)) count++;
  return count;
}

/** The checksum is for a power cut, after which a part of the index may be older than the rest. */
function header(time: bigint | undefined, body: string): string {
  return `netloom 1 ${time} ${Bun.hash(body).toString(16)}`;
}
