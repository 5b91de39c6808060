import { basename } from "node:path";
import { isObject } from "../conf.ts";
import { CniError, codes } from "../error.ts";
import { newestVersion } from "../version.ts";
import { failureOf } from "../invoke.ts";
import type { CallPlugin } from "./call.ts";

/** What libcni sets where VERSION needs no value (pkg/invoke/exec.go). */
const DUMMY = "dummy";

/** The versions a plugin says it supports. @throws {CniError} */
export async function supportedVersions(file: string, call: CallPlugin): Promise<readonly string[]> {
  const answer = await call({
    file,
    variables: {
      CNI_COMMAND: "VERSION",
      CNI_CONTAINERID: "",
      CNI_NETNS: DUMMY,
      CNI_IFNAME: DUMMY,
      CNI_ARGS: "",
      CNI_PATH: DUMMY,
    },
    stdin: JSON.stringify({ cniVersion: newestVersion }),
  });
  if (answer.code !== 0) {
    const failure = failureOf(basename(file), answer.stdout, answer.stderr, answer.code);
    // Plugins of 0.1.0 do not know the question.
    if (failure.message === "unknown CNI_COMMAND: VERSION") return ["0.1.0"];
    throw failure;
  }
  let value: unknown;
  try {
    value = JSON.parse(answer.stdout);
  } catch (error) {
    throw new CniError(codes.undecodable, `${file}: its answer to VERSION is no JSON`, answer.stdout.trim(), {
      cause: error,
    });
  }
  const list = isObject(value) ? value["supportedVersions"] : undefined;
  if (Array.isArray(list) && list.every((one) => typeof one === "string")) return list;
  if (list === undefined && isObject(value) && value["cniVersion"] === "0.2.0") return ["0.1.0", "0.2.0"];
  throw new CniError(codes.undecodable, `${file}: its answer to VERSION lists no versions`, answer.stdout.trim());
}
