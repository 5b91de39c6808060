/** Writes the room graph of docs/architecture.md from scripts/rooms.ts; `--check` only compares, and ends with 1. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rooms, type Room } from "./rooms.ts";

const path = join(import.meta.dir, "../docs/architecture.md");
const begin = "<!-- rooms: written by npm run docs -->";
const end = "<!-- /rooms -->";

const text = readFileSync(path, "utf8");
const from = text.indexOf(begin);
const to = text.indexOf(end);
if (from < 0 || to < from) throw new Error(`find the rooms in ${path}: it has no "${begin}" … "${end}"`);
const wanted = `${text.slice(0, from)}${begin}\n\n${drawing()}\n\n${table()}\n\n${text.slice(to)}`;

if (process.argv.includes("--check")) {
  if (wanted !== text) console.error(`${path} differs from scripts/rooms.ts; run: npm run docs`);
  process.exitCode = wanted === text ? 0 : 1;
} else if (wanted !== text) writeFileSync(path, wanted);

/** Ranks from the top down, one line each. */
function drawing(): string {
  const ranks = Map.groupBy(rooms, (room) => room.rank);
  const lines = [...ranks]
    .toReversed()
    .map(([rank, level]) => `${String(rank).padStart(4)}  ${level.map((room) => room.name).join("  ")}`);
  return ["```text", ...lines, "```"].join("\n");
}

function table(): string {
  const rows = rooms.map((room) => `| \`${room.name}\` | ${room.rank} | ${room.holds} | ${doors(room)} |`);
  return ["| room | rank | holds | doors besides `index.ts` |", "|---|---|---|---|", ...rows].join("\n");
}

function doors(room: Room): string {
  return Object.entries(room.doors ?? {})
    .map(([file, reason]) => `\`${file}\`: ${reason}`)
    .join("; ");
}
