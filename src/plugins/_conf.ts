/** What several main plugins read of their configuration. */
import {
  type Call,
  CniError,
  type Dns,
  type Reader,
  Section,
  asMac,
  asString,
  codes,
  invalid,
  parseArgs,
} from "../cni/index.ts";
import { type IfName, type Mac, ValueError, isUnicast, parseIfName, parseMac } from "../values/index.ts";

/** Keys of CNI_ARGS that runtimes send to a plugin and its delegates alike. */
const KNOWN_ARGS = ["MAC", "IP", "GATEWAY"];

export const asIfName: Reader<IfName> = (value, path) => {
  const text = asString(value, path);
  try {
    return parseIfName(text);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw invalid(path, `cannot be used: ${error.message}`, undefined, error);
  }
};

/** The text, where the empty one is absent, as Go reads it. */
export function textAt(section: Section, key: string): string | undefined {
  const text = section.string(key);
  return text === "" ? undefined : text;
}

/** `ETH_MIN_MTU` of linux/if_ether.h. */
const LEAST_MTU = 68;

/** Bytes; 0 leaves it to the kernel. */
export function mtuAt(section: Section): number | undefined {
  const mtu = section.int("mtu", { min: 0, max: 65535 }) ?? 0;
  if (mtu === 0 || mtu >= LEAST_MTU) return mtu || undefined;
  throw invalid(section.at("mtu"), `is ${mtu}`, `write a number from ${LEAST_MTU} to 65535, or 0 for the kernel's own`);
}

/** The plugin that IPAM is left to; none is layer 2. */
export function ipamAt(section: Section): string | undefined {
  const ipam = section.object("ipam");
  return ipam && textAt(ipam, "type");
}

/** As {@link ipamAt}, where layer 2 makes no sense. @throws {CniError} 7 */
export function needIpamAt(section: Section, remedy: string): string {
  const ipam = ipamAt(section);
  if (ipam !== undefined) return ipam;
  throw invalid(section.object("ipam") === undefined ? "ipam" : "ipam.type", "is missing", remedy);
}

/** `dns`, if any of its members is given; an empty list is given. */
export function dnsAt(section: Section): Dns | undefined {
  const dns = section.object("dns");
  if (dns === undefined) return undefined;
  const texts = (key: string) => dns.list(key, asString);
  const [nameservers, search, options] = [texts("nameservers"), texts("search"), texts("options")];
  const domain = textAt(dns, "domain");
  if (nameservers === undefined && search === undefined && options === undefined && domain === undefined)
    return undefined;
  return {
    ...(nameservers && { nameservers }),
    ...(domain !== undefined && { domain }),
    ...(search && { search }),
    ...(options && { options }),
  };
}

/**
 * The hardware address that the container's interface shall have: `runtimeConfig.mac`, else `args.cni.mac` where the plugin
 * reads it, else `MAC` of CNI_ARGS, else the plugin's own `mac`.
 */
export function macAt(section: Section, { args }: Call, own: "args.cni" | "mac"): Mac | undefined {
  const { MAC: arg } = parseArgs(args, KNOWN_ARGS);
  return (
    section.object("runtimeConfig")?.mac("mac") ??
    (own === "args.cni" ? section.object("args")?.object("cni")?.mac("mac") : undefined) ??
    (arg === undefined || arg === "" ? undefined : macOfArgs(arg)) ??
    (own === "mac" ? section.read("mac", (value, path) => (value === "" ? undefined : asMac(value, path))) : undefined)
  );
}

function macOfArgs(text: string): Mac {
  try {
    const mac = parseMac(text);
    if (isUnicast(mac)) return mac;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new CniError(codes.badEnvironment, `cannot read CNI_ARGS: ${error.message}`, `CNI_ARGS: at MAC`, {
      cause: error,
    });
  }
  throw new CniError(
    codes.badEnvironment,
    `cannot use CNI_ARGS: MAC is ${text}, which no interface can have`,
    "CNI_ARGS: at MAC: write one that begins with an even octet, such as 02",
  );
}

export type MasqBackend = "nftables" | "iptables";

/** Whether and how what leaves the container's prefix gets the host's address. */
export function masqAt(section: Section): MasqBackend | undefined {
  const backend = textAt(section, "ipMasqBackend") ?? "nftables";
  if (backend !== "nftables" && backend !== "iptables") {
    throw invalid(section.at("ipMasqBackend"), `is ${JSON.stringify(backend)}`, "write nftables or iptables");
  }
  return section.bool("ipMasq") === true ? backend : undefined;
}

/** What `read` reads, or `otherwise` where it cannot be read: DEL and GC do not fail on a configuration that has changed since. */
export function leniently<T, O>(read: () => T, otherwise: O): T | O {
  try {
    return read();
  } catch (error) {
    if (error instanceof CniError) return otherwise;
    throw error;
  }
}

/** Whether the command only takes away. */
export function isTakingAway({ command }: Call): boolean {
  return command === "DEL" || command === "GC";
}

/** The device below, and whose it is. */
export function masterAt(section: Section): {
  readonly master?: IfName;
  readonly linkInContainer: boolean;
  readonly mtu?: number;
} {
  const master = section.read("master", (value, path) => (value === "" ? undefined : asIfName(value, path)));
  const mtu = mtuAt(section);
  return {
    linkInContainer: section.bool("linkInContainer") ?? false,
    ...(master !== undefined && { master }),
    ...(mtu !== undefined && { mtu }),
  };
}

/** One of several words; the first if absent or empty. */
export function wordAt<const W extends string>(section: Section, key: string, words: readonly [W, ...W[]]): W {
  const text = textAt(section, key);
  const word = text === undefined ? words[0] : words.find((one) => one === text);
  if (word !== undefined) return word;
  throw invalid(section.at(key), `is ${JSON.stringify(text)}`, `write one of ${words.join(", ")}`);
}

/** What DEL and GC need of a plugin that holds addresses and nothing else on the host. */
export function heldAddresses({ conf }: Call): { readonly ipam?: string } {
  const ipam = leniently(() => ipamAt(new Section(conf)), undefined);
  return ipam === undefined ? {} : { ipam };
}
