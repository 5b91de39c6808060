import { type Call, CniError, type Reader, Section, asSection, codes, invalid, parseArgs } from "../../cni/index.ts";
import { Option } from "./message.ts";

/** Where the reference's daemon listens too; they do not understand each other. */
export const SOCKET = "/run/cni/dhcp.sock";

export interface DhcpConf {
  readonly socket: string;
  /** What the client tells the server: hex by the option's number. */
  readonly provide: Readonly<Record<number, string>>;
  /** Numbers of what it asks for. */
  readonly request: readonly number[];
  /** Metric of the routes. */
  readonly priority?: number;
}

const names: Readonly<Record<string, number>> = {
  "dhcp-client-identifier": Option.clientId,
  "subnet-mask": Option.subnetMask,
  routers: Option.routers,
  "host-name": Option.hostName,
  "user-class": Option.userClass,
  "vendor-class-identifier": Option.vendorClass,
};

/** Reads what dhcp needs; all but ADD need the socket alone. @throws {CniError} 4, 7 */
export function parseDhcp(call: Call): DhcpConf {
  const conf = new Section(call.conf);
  const ipam = call.command === "ADD" ? conf.need("ipam", asSection) : conf.object("ipam");
  const socket = ipam?.string("daemonSocketPath") || SOCKET;
  if (call.command !== "ADD" || ipam === undefined) return { socket, provide: {}, request: [] };
  const wanted = ipam.list("request", asWanted) ?? [];
  const defaults = wanted.some(({ skipDefault }) => skipDefault) ? [] : [Option.routers, Option.subnetMask];
  const priority = ipam.int("priority", { min: 0, max: 0xffff_ffff });
  return {
    socket,
    provide: provideOf(ipam, call),
    request: [...new Set([...defaults, ...wanted.map(({ option }) => option)])],
    ...(priority !== undefined && priority !== 0 && { priority }),
  };
}

function provideOf(ipam: Section, call: Call): DhcpConf["provide"] {
  const provide: Record<number, string> = {};
  const values = ipam.list("provide", (value, path) => {
    const one = asSection(value, path);
    const option = one.need("option", asOption);
    const text = one.string("value") ?? "";
    const key = one.string("fromArg") ?? "";
    if (text !== "" && key !== "") throw invalid(path, "has both value and fromArg", "leave one out");
    if (text === "" && key === "") throw invalid(path, "has neither value nor fromArg", "give one of them");
    return { option, text, key };
  });
  // Keys that somebody else sends are not ours to refuse.
  const args = parseArgs(call.args === "" ? "" : `${call.args};IgnoreUnknown=1`, []);
  for (const { option, text, key } of values ?? []) {
    const said = key === "" ? text : args[key];
    if (said === undefined)
      throw new CniError(
        codes.badEnvironment,
        `cannot provide option ${option}: CNI_ARGS has no ${key}`,
        `at ipam.provide: fromArg takes the value of ${key} of CNI_ARGS`,
      );
    provide[option] = new TextEncoder().encode(said).toHex();
  }
  return provide;
}

const asWanted: Reader<{ readonly option: number; readonly skipDefault: boolean }> = (value, path) => {
  const one = asSection(value, path);
  return { option: one.need("option", asOption), skipDefault: one.bool("skipDefault") ?? false };
};

/** A name, or a number as number or text. */
const asOption: Reader<number> = (value, path) => {
  const known = typeof value === "string" ? names[value] : undefined;
  const number = known ?? (typeof value === "string" && /^\d{1,3}$/.test(value) ? Number(value) : value);
  if (typeof number === "number" && Number.isInteger(number) && number > 0 && number < 255) return number;
  throw invalid(
    path,
    `is ${JSON.stringify(value)}`,
    `write a number from 1 to 254, or ${Object.keys(names).join(", ")}`,
  );
};
