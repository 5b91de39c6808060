import { expect, test } from "bun:test";
import { pods } from "./_fixture.ts";
import { colored } from "./style.ts";
import { renderTable } from "./table.ts";

test("columns line up by display width", () => {
  expect(renderTable(pods)).toBe(
    [
      "NAME          STATE   ADDRESSES                             MTU",
      "vm-001-ns01   up      172.16.1.1/24,1000::1:ac10:101/120   1430",
      '日本\\x1b      down    a "b"                                  68',
      "",
    ].join("\n"),
  );
});

test("wide adds its columns and cuts nothing", () => {
  const [head, first, second] = renderTable(pods, { wide: true, width: 40 }).split("\n");
  expect(head).toEndWith("    MTU   MAC ADDRESS");
  expect(first).toEndWith("   1430   02:00:00:00:00:01");
  expect(second).toEndWith("     68   -");
});

test("a narrow terminal cuts shrinkable cells and says so", () => {
  expect(renderTable(pods, { width: 50 })).toBe(
    [
      "NAME          STATE   ADDRESSES                MTU",
      "vm-001-ns01   up      172.16.1.1/24,1000::…   1430",
      '日本\\x1b      down    a "b"                     68',
      "(… marks what did not fit; -o wide shows it)",
      "",
    ].join("\n"),
  );
});

test("columns that may not shrink stay whole however narrow the terminal is", () => {
  const text = renderTable(pods, { width: 10 });
  expect(text).toContain("vm-001-ns01   up      172.16.1…");
});

test("colour changes no column", () => {
  const text = renderTable(pods, { style: colored });
  expect(text).toContain("\u001b[32mup\u001b[0m      172.16.1.1/24");
  expect(Bun.stripANSI(text)).toBe(renderTable(pods));
});

test("no rows leave the headings", () => {
  expect(renderTable({ columns: pods.columns, rows: [] })).toBe("NAME   STATE   ADDRESSES   MTU\n");
});
