import { expect, test } from "bun:test";
import { element, escapeXml, textAt, tooltip } from "./_xml.ts";

test("markup becomes entities, forbidden characters are spelt out or replaced", () => {
  expect(escapeXml(`<a b="c">&'`)).toBe("&lt;a b=&quot;c&quot;&gt;&amp;&apos;");
  expect(escapeXml("\u0000\ufffe\ud800")).toBe("\\x00\ufffd\ufffd");
});

test("elements", () => {
  expect(element("rect", { x: 1, class: undefined, id: '"' })).toBe('<rect x="1" id="&quot;"/>');
  expect(textAt(1, 2, "a<b", "name")).toBe('<text x="1" y="2" class="name">a&lt;b</text>');
  expect(tooltip(["a", "<b>"])).toBe("<title>a\n&lt;b&gt;</title>");
});
