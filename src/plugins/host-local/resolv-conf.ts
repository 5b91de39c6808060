import { CniError, type Dns, codes } from "../../cni/index.ts";
import { SysError, readWhole } from "../../sys/index.ts";

/** Reads a file as resolv.conf(5). @throws {CniError} 106 when it cannot be read */
export function readResolvConf(path: string): Dns {
  const text = textOf(path);
  const nameservers: string[] = [];
  const search: string[] = [];
  const options: string[] = [];
  let domain: string | undefined;
  for (const line of text.split("\n")) {
    const [key = "", ...values] = line.trim().split(/\s+/);
    if (key.startsWith("#") || key.startsWith(";") || values.length === 0) continue;
    if (key === "nameserver") nameservers.push(values[0] ?? "");
    else if (key === "domain") domain = values[0];
    else if (key === "search") search.push(...values);
    else if (key === "options") options.push(...values);
  }
  return {
    ...(nameservers.length > 0 && { nameservers }),
    ...(domain !== undefined && { domain }),
    ...(search.length > 0 && { search }),
    ...(options.length > 0 && { options }),
  };
}

function textOf(path: string): string {
  try {
    const text = readWhole(path);
    if (text !== undefined) return text;
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw new CniError(codes.storage, `cannot read ${path}: ${error.message}`, hint, { cause: error });
  }
  throw new CniError(codes.storage, `cannot read ${path}: there is no such file`, hint);
}

const hint = "at ipam.resolvConf: name a file as resolv.conf(5), or leave it out";
