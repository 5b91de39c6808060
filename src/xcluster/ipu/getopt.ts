/** One long option. */
export interface Option {
  readonly name: string;
  readonly takesValue: boolean;
  /** Counts only when it is written out: no abbreviation means it, and it makes none ambiguous. */
  readonly exactly?: true;
}

/** What the words of a command line mean: options in their order, positionals in theirs, or getopt's complaint. */
export interface Parsed {
  readonly options: readonly (readonly [name: string, value: string])[];
  readonly positionals: readonly string[];
  /** The complaint of the first wrong option, without the program's name; what stands after it is not read. */
  readonly fault?: string;
}

/**
 * Reads words as glibc's getopt_long_only(3) does without short options: one dash or two, `=` or the next word, unique
 * abbreviations, positionals anywhere, `--` ends the options.
 */
export function getoptLongOnly(words: readonly string[], known: readonly Option[]): Parsed {
  const options: (readonly [string, string])[] = [];
  const positionals: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") return { options, positionals: [...positionals, ...words.slice(at + 1)] };
    if (!word.startsWith("-") || word === "-") {
      positionals.push(word);
      continue;
    }
    const dashes = word.startsWith("--") ? "--" : "-";
    const text = word.slice(dashes.length);
    const equals = text.indexOf("=");
    const found = find(equals < 0 ? text : text.slice(0, equals), known);
    const fault = (what: string): Parsed => ({ options, positionals, fault: what });
    if (found.length === 0) return fault(`unrecognized option '${word}'`);
    const [option] = found;
    if (option === undefined || found.length > 1) {
      const possible = found.map(({ name }) => ` '${dashes}${name}'`).join("");
      return fault(`option '${word}' is ambiguous; possibilities:${possible}`);
    }
    const name = `${dashes}${option.name}`;
    if (equals >= 0 && !option.takesValue) return fault(`option '${name}' doesn't allow an argument`);
    if (equals < 0 && option.takesValue && at + 1 === words.length) {
      return fault(`option '${name}' requires an argument`);
    }
    const value = equals >= 0 ? text.slice(equals + 1) : option.takesValue ? (words[++at] ?? "") : "";
    options.push([option.name, value]);
  }
  return { options, positionals };
}

/** The option of this name, or all that begin so. */
function find(name: string, known: readonly Option[]): readonly Option[] {
  const exact = known.filter((option) => option.name === name);
  return exact.length > 0 ? exact : known.filter((option) => option.exactly !== true && option.name.startsWith(name));
}
