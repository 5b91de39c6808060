import { expect, test } from "bun:test";
import { bridgedLab, hostileLab, overlayLab } from "./_fixture.ts";
import { graphOf } from "./build.ts";
import { drawSvg } from "./svg.ts";

const labs = [overlayLab(), overlayLab({ nodes: 7, pods: 5 }), overlayLab({ nodes: 0 }), bridgedLab(), hostileLab()];

test("everything has its place, with addresses", () => {
  const svg = drawSvg(graphOf(overlayLab()));
  expect(svg).toStartWith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ');
  expect(svg.match(/class="pod"/g)).toHaveLength(6);
  expect(svg.match(/class="node"/g)).toHaveLength(2);
  expect(svg.match(/class="line tunnel"/g)).toHaveLength(2);
  expect(svg).toContain(">1000::1:ac10:203</text>");
  expect(svg).toContain("<title>pod vm-001-ns01\n172.16.1.1/24\n1000::1:ac10:101/120</title>");
  expect(svg).toContain("prefers-color-scheme: dark");
});

test("every tag is closed in order and nothing is loaded from elsewhere", () => {
  for (const lab of labs) {
    const svg = drawSvg(graphOf(lab));
    const open: string[] = [];
    for (const [, close, name, empty] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
      if (close === "/") expect(open.pop()).toBe(name!);
      else if (empty !== "/") open.push(name!);
    }
    expect(open).toEqual([]);
    expect(svg.match(/NaN|undefined|Infinity/)).toBeNull();
    expect(svg.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/https?:|href|@import|url\(/);
  }
});

test("hostile names stay text", () => {
  const svg = drawSvg(graphOf(hostileLab()));
  expect(svg).not.toContain("<script");
  expect(svg).toContain("&lt;/text&gt;&lt;script&gt;&quot;x&quot;&apos;&amp;#");
  expect(svg).not.toContain("\u001b");
  expect(svg).not.toContain("\u202e");
});

test("states and impairments show", () => {
  const states = new Map([
    ["lan:lan", "up"],
    ["pod:vm-001/vm-001-ns01", "down"],
  ] as const);
  const svg = drawSvg(graphOf(bridgedLab(), states));
  expect(svg).toContain('class="pod down"');
  expect(svg).toContain(">vm-001-ns01 (down)</text>");
  expect(svg).toContain('class="warn">in: delay 5ms, jitter 500us</text>');
});

test("many nodes wrap, and what is left out is counted", () => {
  const svg = drawSvg(graphOf(overlayLab({ nodes: 100, pods: 100 })), { maxPods: 2 });
  expect(svg.match(/class="node"/g)).toHaveLength(60);
  expect(svg.match(/class="more"/g)).toHaveLength(60);
  expect(svg).toContain("… and 98 more pods");
  expect(svg).toContain("… and 40 more nodes (vm-061 … vm-100) with 4000 pods");
  expect(svg.match(/class="lan"/g)).toHaveLength(10);
});

test("the same graph gives the same drawing", () => {
  expect(drawSvg(graphOf(bridgedLab()))).toBe(drawSvg(graphOf(bridgedLab())));
});
