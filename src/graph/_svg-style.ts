/** Width of a monospaced character at the drawing's font size, a little more than in any common font. */
export const charWidth = 7.3;

/** From one line of text to the next. */
export const lineHeight = 16;

/** The look, in light and dark; the reader's system chooses. Shapes carry classes, never colours. */
export const stylesheet = `
svg { --paper: #fff; --ink: #1f2430; --faint: #667085; --card: #f7f8fa; --edge: #c9ced8; --pod: #fff;
  --lan: #2563a8; --lan-ink: #fff; --tunnel: #8a3ffc; --bridge: #dfe7f1; --bad: #c4302b; --warn: #9a5b00; }
@media (prefers-color-scheme: dark) { svg { --paper: #14171d; --ink: #e6e9ef; --faint: #98a2b3; --card: #1d222b;
  --edge: #3c4554; --pod: #262c37; --lan: #6cabf0; --lan-ink: #0d1520; --tunnel: #b794ff; --bridge: #2f3b4c;
  --bad: #ff7b72; --warn: #e3a84a; } }
text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); white-space: pre; }
.paper { fill: var(--paper); }
.title { font-size: 16px; font-weight: bold; }
.name { font-weight: bold; }
.faint { fill: var(--faint); }
.warn { fill: var(--warn); }
.lan > rect { fill: var(--lan); }
.lan > text { fill: var(--lan-ink); }
.overlay > rect { fill: var(--paper); stroke: var(--tunnel); stroke-width: 1.5; stroke-dasharray: 6 4; }
.overlay > text { fill: var(--tunnel); }
.node > rect { fill: var(--card); stroke: var(--edge); stroke-width: 1.5; }
.external > rect { fill: var(--paper); stroke: var(--edge); stroke-width: 1.5; }
.bridge > rect { fill: var(--bridge); }
.pod > rect { fill: var(--pod); stroke: var(--edge); }
.more > rect { fill: none; stroke: var(--edge); stroke-dasharray: 3 3; }
.chip > rect { fill: var(--paper); stroke: var(--lan); stroke-width: 1.5; }
.chip.tunnel > rect { stroke: var(--tunnel); stroke-dasharray: 6 4; }
.halo { fill: none; stroke: var(--paper); stroke-width: 8; }
.line { fill: none; stroke: var(--lan); stroke-width: 2; }
.line.tunnel { stroke: var(--tunnel); stroke-width: 1.5; stroke-dasharray: 6 4; }
.line.veth { stroke: var(--edge); stroke-width: 1.5; }
.down > rect { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 4 3; }
.down > .name { fill: var(--bad); }
.lan.down > rect { fill: var(--bad); }
.lan.down > .name { fill: var(--lan-ink); }
.unknown > rect { stroke: var(--warn); }
`;
