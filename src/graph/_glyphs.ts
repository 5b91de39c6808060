/** The characters a terminal drawing is made of, each one column wide. */
export interface Glyphs {
  readonly box: {
    readonly topLeft: string;
    readonly topRight: string;
    readonly bottomLeft: string;
    readonly bottomRight: string;
    readonly across: string;
    readonly down: string;
    /** A LAN's line comes in from above. */
    readonly fromAbove: string;
    /** The tunnel leaves to the right, and comes from the left. */
    readonly toRight: string;
    readonly fromLeft: string;
  };
  readonly tree: { readonly next: string; readonly last: string; readonly pass: string };
  readonly rail: {
    readonly across: string;
    readonly down: string;
    /** A node hangs here. */
    readonly tee: string;
    /** Where the spine that joins the rows begins, goes on and ends. */
    readonly first: string;
    readonly middle: string;
    readonly last: string;
  };
  readonly tunnel: string;
  readonly warning: string;
}

export const unicode: Glyphs = {
  box: {
    topLeft: "╭",
    topRight: "╮",
    bottomLeft: "╰",
    bottomRight: "╯",
    across: "─",
    down: "│",
    fromAbove: "┴",
    toRight: "├",
    fromLeft: "┤",
  },
  tree: { next: "├─", last: "└─", pass: "│ " },
  rail: { across: "━", down: "┃", tee: "┯", first: "┏", middle: "┣", last: "┗" },
  tunnel: "╌",
  warning: "▲",
};

export const ascii: Glyphs = {
  box: {
    topLeft: "+",
    topRight: "+",
    bottomLeft: "+",
    bottomRight: "+",
    across: "-",
    down: "|",
    fromAbove: "+",
    toRight: "+",
    fromLeft: "+",
  },
  tree: { next: "|-", last: "`-", pass: "| " },
  rail: { across: "=", down: "#", tee: "+", first: "#", middle: "#", last: "#" },
  tunnel: ".",
  warning: "!",
};
