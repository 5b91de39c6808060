import { type AddressTemplate, ValueError, embedTemplate, parseTemplate, tryIp } from "../values/index.ts";
import { XclusterError } from "./error.ts";
import { wholeNumber } from "./node.ts";
import type { Variables } from "./variables.ts";

/** The variables as values, for what acts. */
export interface Settings {
  /** IPv4, then IPv6; of an IPv6 template that one alone. */
  readonly templates: readonly AddressTemplate[];
  /** The text before `:192.168.NET.NODE` in the nodes' addresses. */
  readonly prefix: string;
  /** The interface in a pod; absent where it is named like the pod. */
  readonly podInterface?: string;
  readonly bridge: string;
  readonly namePrefix?: string;
  readonly pods: number;
  readonly nodes: number;
  readonly routers: number;
  /** `--random`: addresses of the shuffled list rather than by number. */
  readonly random: boolean;
  /** `RNDADR=yes`: the same for the test cases that make addresses. */
  readonly randomCases: boolean;
  /** The one family that is wanted. */
  readonly family?: 4 | 6;
  /** Of the nodes' interfaces, `eth<net>`. */
  readonly net: number;
  /** Seconds. */
  readonly timeout: number;
  readonly retries: number;
  /** Seconds. */
  readonly interval: number;
}

/** Reads the variables strictly. @throws {XclusterError} `bad-variable`, `bad-number`, naming the variable */
export function settingsOf(variables: Variables): Settings {
  const { PREFIX, PODIF, BR, NAME_PREFIX, RNDADR, NPODS, __family, __random } = variables;
  const number = (name: `__${string}`, most?: number): number =>
    wholeNumber(`--${name.slice(2)} (${name})`, variables[name] ?? "", 0, most);
  return {
    templates: templatesOf(variables),
    prefix: PREFIX,
    ...(PODIF !== "hostname" && { podInterface: PODIF }),
    bridge: BR,
    ...(NAME_PREFIX !== undefined && NAME_PREFIX !== "" && { namePrefix: NAME_PREFIX }),
    pods: wholeNumber("NPODS", NPODS, 0, 65_536),
    nodes: number("__nvm", 65_536),
    routers: number("__nrouters", 65_536),
    random: __random === "yes",
    randomCases: RNDADR === "yes",
    ...(__family !== undefined && { family: familyOfWord("--family", __family) }),
    net: wholeNumber("--net", variables["__net"] ?? "1", 0, 255),
    timeout: number("__timeout"),
    retries: number("__retries"),
    interval: number("__interval"),
  };
}

/** 4 or 6. @throws {XclusterError} `bad-variable` */
export function familyOfWord(what: string, word: string): 4 | 6 {
  if (word === "4") return 4;
  if (word === "6") return 6;
  throw new XclusterError("bad-variable", `${what} "${word}" is no address family`, "give 4 or 6");
}

/** @throws {XclusterError} `bad-variable` */
export function templatesOf({ ADRTEMPLATE, PREFIX }: Variables): readonly AddressTemplate[] {
  const template = named("ADRTEMPLATE", () => parseTemplate(ADRTEMPLATE));
  if (template.family === 6) return [template];
  const text = `${PREFIX}:0.0.0.0`;
  if (tryIp(text) === undefined) {
    throw new XclusterError(
      "bad-variable",
      `PREFIX: ${JSON.stringify(PREFIX)} stands before :IPV4, and ${text} is no IPv6 address`,
      "write six groups, or fewer with :: between them, or with a single : at the end: 1000::1, fd00:",
    );
  }
  return [template, named("PREFIX", () => embedTemplate(text, template))];
}

/** Says which variable has the value that is refused. */
function named<Value>(variable: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof ValueError) throw new XclusterError("bad-variable", `${variable}: ${error.message}`);
    throw error;
  }
}
