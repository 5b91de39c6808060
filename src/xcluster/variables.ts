/** The variables of `netns_test` under the names a shell gives them; their values are texts, junk included. */
export interface Variables {
  /** The pods' IPv4 addresses as `address/outer/inner`. */
  readonly ADRTEMPLATE: string;
  /** The text that stands before `:0.0.0.0` in the pods' IPv6 template, and before `:192.168.NET.NODE` of the nodes. */
  readonly PREFIX: string;
  /** The interface in a pod; `hostname` stands for the pod's name. */
  readonly PODIF: string;
  readonly BR: string;
  /** Pods per node. */
  readonly NPODS: string;
  /** Nodes; they have the numbers from 1. */
  readonly __nvm: string;
  readonly __nrouters: string;
  /** The budget of a ping, in seconds but for the retries. */
  readonly __timeout: string;
  readonly __retries: string;
  readonly __interval: string;
  /** `yes`: addresses of the shuffled list. */
  readonly RNDADR?: string;
  /** Stands before every pod's name. */
  readonly NAME_PREFIX?: string;
  /** Every other option: `--a-b=v` is `__a_b`. */
  readonly [option: `__${string}`]: string | undefined;
}

/** What counts where a variable is not set, or empty. */
export const defaults = {
  ADRTEMPLATE: "172.16.0.0/16/24",
  PREFIX: "1000::1",
  PODIF: "eth0",
  BR: "br0",
  NPODS: "4",
  __nvm: "4",
  __nrouters: "2",
  __timeout: "10",
  __retries: "10",
  __interval: "1",
} as const satisfies Variables;

const plain = ["ADRTEMPLATE", "PREFIX", "PODIF", "BR", "NPODS", "RNDADR", "NAME_PREFIX"] as const;

/** The variables: options beat the environment beats the defaults. Nothing is evaluated. */
export function variablesOf(
  environment: Readonly<Record<string, string | undefined>>,
  options: Readonly<Record<string, string>> = {},
): Variables {
  const names = [...plain, ...Object.keys(environment).filter((name) => name.startsWith("__"))];
  const values: Record<string, string> = {};
  for (const name of names) if (environment[name]) values[name] = environment[name];
  for (const name in options) if (options[name]) values[name] = options[name];
  return { ...defaults, ...values };
}

const known: ReadonlySet<string> = new Set(
  ["nvm", "nrouters", "timeout", "retries", "interval", "random", "family", "bridge", "net", "verbose", "strict"].map(
    (name) => `__${name}`,
  ),
);

/** Whether the original or its printing commands here have the option of this variable. */
export function isOption(variable: string): boolean {
  return known.has(variable);
}

/** A command's words: its options, which end at the first word that is none, and what follows them. */
export interface Words {
  /** By variable: `--a-b=v` is `__a_b`; one without a value is `yes`. */
  readonly options: Readonly<Record<string, string>>;
  readonly rest: readonly string[];
}

/** Reads the words after a command's name as `netns_test` does. */
export function wordsOf(words: readonly string[]): Words {
  const end = words.findIndex((word) => !word.startsWith("--"));
  const options = Object.create(null) as Record<string, string>; // any name may be given
  for (const word of end < 0 ? words : words.slice(0, end)) {
    const equals = word.indexOf("=");
    const name = (equals < 0 ? word : word.slice(0, equals)).replaceAll("-", "_");
    options[name] = equals < 0 ? "yes" : word.slice(equals + 1);
  }
  return { options, rest: end < 0 ? [] : words.slice(end) };
}
