/** What a piece of text means; how that looks is decided here alone. */
export type Tone = "good" | "bad" | "warn" | "dim" | "strong";

/** Paints text where colour is wanted, and leaves it alone elsewhere. */
export interface Style {
  readonly color: boolean;
  readonly paint: (tone: Tone, text: string) => string;
}

/** What decides about colour, in one place so that tests need no terminal. */
export interface ColorQuestion {
  readonly env: Environment;
  /** Whether the stream that is written to is a terminal. */
  readonly tty: boolean;
  /** `false` for `--no-color`, `true` for a flag that asks for it; absent when no flag was given. */
  readonly flag?: boolean;
}

/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

// SGR parameters, ECMA-48 section 8.3.117. The sixteen basic colours, so the user's palette decides.
const sgr = {
  good: "32",
  bad: "31",
  warn: "33",
  dim: "2",
  strong: "1",
} as const satisfies Record<Tone, string>;

/** Leaves every text as it is. */
export const plain: Style = { color: false, paint: (_tone, text) => text };

/** Paints with ECMA-48 escapes. */
export const colored: Style = {
  color: true,
  paint: (tone, text) => (text === "" ? "" : `\u001b[${sgr[tone]}m${text}\u001b[0m`),
};

/** The style for a stream: {@link colored} when {@link wantsColor} says so. */
export function styleFor(question: ColorQuestion): Style {
  return wantsColor(question) ? colored : plain;
}

/**
 * Whether to colour. The first that speaks decides: the flag, `NO_COLOR` (https://no-color.org), `CLICOLOR_FORCE`,
 * `TERM=dumb`, `CLICOLOR=0` (https://bixense.com/clicolors), and at last whether the stream is a terminal.
 */
export function wantsColor({ env, tty, flag }: ColorQuestion): boolean {
  if (flag !== undefined) return flag;
  if (isSet(env["NO_COLOR"])) return false;
  if (isSet(env["CLICOLOR_FORCE"]) && env["CLICOLOR_FORCE"] !== "0") return true;
  if (env["TERM"] === "dumb" || env["CLICOLOR"] === "0") return false;
  return tty;
}

/** Whether the locale can show box drawing: its character set is UTF-8, or none is named. */
export function wantsUnicode(env: Environment): boolean {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find(isSet);
  if (locale === undefined) return env["TERM"] !== "linux" && env["TERM"] !== "dumb";
  return /utf-?8/i.test(locale);
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
