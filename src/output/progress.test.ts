import { expect, test } from "bun:test";
import { startProgress } from "./progress.ts";
import type { ProgressOptions } from "./progress.ts";

const erase = "\r\u001b[2K";

function recorded(options: Partial<ProgressOptions> = {}) {
  const written: string[] = [];
  let time = 0;
  const progress = startProgress({
    tty: true,
    ascii: true,
    ...options,
    write: (text) => void written.push(text),
    now: () => time,
  });
  return { progress, written, pass: (ms: number) => (time += ms) };
}

test("a step is drawn at once, its count at most every 80 ms, and nothing stays", () => {
  const { progress, written, pass } = recorded();
  {
    using line = progress;
    line.step("creating pods", 4);
    line.advance();
    pass(80);
    line.advance();
    pass(79);
    line.advance();
  }
  expect(written).toEqual([
    `${erase}| creating pods .................... 0/4`,
    `${erase}/ creating pods ##########.......... 2/4`,
    erase,
  ]);
});

test("off a terminal only logs are written", () => {
  const { progress, written } = recorded({ tty: false });
  progress.step("creating pods", 4);
  progress.advance();
  progress.log("vm-001: already there");
  progress.clear();
  expect(written).toEqual(["vm-001: already there\n"]);
});

test("a log stands above the line, which is drawn again", () => {
  const { progress, written } = recorded();
  progress.step("waiting");
  progress.log("note");
  expect(written.join("")).toBe(`${erase}| waiting${erase}note\n${erase}/ waiting`);
});

test("the line never wraps and a name cannot move the cursor", () => {
  const { progress, written } = recorded({ width: 20 });
  progress.step(`a\u001b[2J${"b".repeat(40)}`, 0);
  const line = (written[0] ?? "").slice(erase.length);
  expect(line).toBe("| a\\x1b[2Jbbbbbbbb…");
  expect(Bun.stringWidth(line)).toBeLessThan(20);
});

test("work without a known total is counted", () => {
  const { progress, written, pass } = recorded();
  progress.advance();
  progress.step("probing");
  pass(100);
  progress.advance(5);
  expect(written.at(-1)).toBe(`${erase}/ probing 5`);
});

test("by default it writes to standard error before it returns", () => {
  const script = `
    import { startProgress } from "${import.meta.dir}/progress.ts";
    startProgress({ tty: true, ascii: true }).step("x");
    process.kill(process.pid, "SIGKILL");
  `;
  const { stderr, stdout } = Bun.spawnSync([process.execPath, "-e", script]);
  expect(stderr.toString()).toBe(`${erase}| x`);
  expect(stdout.toString()).toBe("");
});
