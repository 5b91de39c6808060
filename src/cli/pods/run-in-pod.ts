import { NetnsError } from "../../netns/index.ts";
import { PodsError, askingForRoot } from "../../pods/index.ts";
import { writeText } from "../../sys/index.ts";
import { type ExecCall, becomePod } from "./exec.ts";

/** Becomes a command in a pod; returns the exit code where it cannot be run. @throws {PodsError} `missing`, `denied`; {@link SysError} */
export function runInPod(call: ExecCall): Promise<126 | 127> {
  return askingForRoot(() => {
    try {
      const { code, text } = becomePod(call);
      writeText(2, `netloom: pods exec: ${text}\n`, "write to standard error");
      return code;
    } catch (error) {
      if (!(error instanceof NetnsError && error.code === "missing")) throw error;
      throw new PodsError("missing", `there is no pod ${call.pod}`, "'netloom pods list' shows those that are", error);
    }
  });
}
