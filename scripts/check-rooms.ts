/**
 * The house rules that oxlint has no rule for; part of `npm run lint`. Prints each fault as `file:line: text`.
 *
 * `check-rooms.ts [FOLDER]` reads FOLDER (default: `src` of this checkout) and ends with 1 if anything is wrong.
 */
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { rooms, type Room } from "./rooms.ts";

const folder = process.argv[2] ?? join(import.meta.dir, "../src");
const byName: ReadonlyMap<string, Room> = new Map(rooms.map((room) => [room.name, room]));
const faults: string[] = [];

const files = [...new Bun.Glob("**/*.ts").scanSync({ cwd: folder })].toSorted();
const texts = new Map(files.map((file) => [file, withoutComments(readFileSync(join(folder, file), "utf8"))]));
const brands = [...texts]
  .filter(([file]) => file.startsWith("values/"))
  .flatMap(([, text]) => [...text.matchAll(/export type (\w+) = Brand</g)].map(([, name]) => name));
const brandMade = new RegExp(`\\bas (${brands.join("|")})\\b(?!\\s+from\\b)`, "g");

for (const [file, text] of texts) {
  const room = byName.get(roomOf(file));
  if (room === undefined) {
    faults.push(`${file}:1: no room of scripts/rooms.ts; add it there with its rank`);
    continue;
  }
  for (const found of text.matchAll(/\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']/g)) {
    const fault = faultOf(file, room, found[1] ?? "");
    if (fault !== undefined) faults.push(`${file}:${lineAt(text, found.index)}: ${fault}`);
  }
  for (const { 1: specifier, 2: type, index } of text.matchAll(/\brequire\("([^"]+)"\) as typeof (\w+)/g))
    if (!text.includes(`import type * as ${type} from "${specifier}";`))
      faults.push(`${file}:${lineAt(text, index)}: ${type} is not the type of "${specifier}", which is required here`);
  if (room.name !== "values" && brands.length > 0)
    for (const found of text.matchAll(brandMade))
      faults.push(`${file}:${lineAt(text, found.index)}: "${found[0]}" makes a brand outside values; call its parser`);
}

for (const fault of faults) console.error(`src/${fault}`);
if (faults.length > 0) console.error(`${faults.length} broken room rule${faults.length === 1 ? "" : "s"}`);
process.exitCode = faults.length > 0 ? 1 : 0;

/** What is wrong with this import, if anything. */
function faultOf(file: string, room: Room, specifier: string): string | undefined {
  if (specifier === "bun:ffi" && room.name !== "sys") return "bun:ffi belongs to sys";
  if (!specifier.startsWith(".")) return undefined;
  if (!/\.(?:ts|json|css|html|svg)$/.test(specifier)) return `"${specifier}" must end in its file's extension`;
  const target = normalize(join(dirname(file), specifier));
  if (target.startsWith("..")) return undefined;

  const privateTo = /^(.*)\/_[^/]+$/.exec(target)?.[1];
  if (privateTo !== undefined && !file.startsWith(`${privateTo}/`)) return `${target} is private to ${privateTo}`;

  const other = byName.get(roomOf(target));
  if (other === undefined) return `${target} is in no room of scripts/rooms.ts`;
  if (other === room) return undefined;
  const path = target.slice(other.name.length + 1);
  const door = other.doors?.[path] !== undefined;
  if (other.rank === room.rank && room.beside?.includes(other.name) === true && door) return undefined;
  if (other.rank >= room.rank)
    return `${room.name} (${room.rank}) may not import ${other.name} (${other.rank}): imports go down only`;
  if (path !== "index.ts" && !door) return `${target} is inside ${other.name}; import ${other.name}/index.ts`;
  return undefined;
}

function roomOf(file: string): string {
  return file.split("/")[0] ?? "";
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** The text with comments blanked, line numbers kept: an example in a docstring is not an import. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, (comment) => comment.replaceAll(/[^\n]/g, " "));
}
