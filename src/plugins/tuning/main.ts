import { type Call, CniError, POD, type Plugin, type Result, type Work, codes, specVersions } from "../../cni/index.ts";
import { OpError } from "../../kernel/index.ts";
import { SysError, removeFile } from "../../sys/index.ts";
import { forEachToTheEnd, podLink, prevResultOf } from "../_chained.ts";
import { checkAllowed } from "./allowlist.ts";
import { type TuningFacts, changesLink, checkTuning, planRestore, planTuning } from "./plan.ts";
import { SavedFile, parseSaved, printSaved, staleFiles } from "./saved.ts";
import { type TuningConf, parseTuning } from "./schema.ts";

/** Sets parameters of the kernel and of the container's interface; puts the interface back at DEL. */
export const tuning: Plugin<TuningConf> = {
  name: "tuning",
  about: "sets sysctls, MAC, MTU, promiscuous mode and queue length in a container",
  versions: specVersions,
  parse: parseTuning,

  add(conf, call, work): Result {
    const prev = prevResultOf(call, "tuning");
    checkAllowed(conf.sysctls);
    const { ops, saved, result } = planTuning(conf, call, factsOf(conf, call, work), prev);
    if (saved !== undefined && !work.dry) {
      const file = new SavedFile(conf.dataDir, call.containerId, call.ifname);
      keep(() => {
        const before = file.text();
        // Of two tunings in a chain the first saw what was there before both.
        file.write(printSaved(before === undefined ? saved : { ...saved, ...parseSaved(before) }));
        work.undo("forget the saved values", () => (before === undefined ? file.remove() : file.write(before)));
      });
    }
    work.run(ops);
    return result;
  },

  del(conf, call, work): void {
    const file = new SavedFile(conf.dataDir, call.containerId, call.ifname);
    const saved = keep(() => file.read());
    if (saved === undefined) return keep(() => file.remove());
    const link = work.pod ? work.kernel.link(POD, call.ifname) : undefined;
    if (link !== undefined) for (const op of planRestore(saved, link)) restore(work, op);
    keep(() => file.remove());
  },

  check(conf, call, work): void {
    prevResultOf(call, "tuning");
    checkTuning(conf, factsOf(conf, call, work));
  },

  status({ sysctls }): void {
    try {
      checkAllowed(sysctls);
    } catch (error) {
      if (!(error instanceof CniError)) throw error;
      throw new CniError(codes.notAvailable, error.message, error.details, { cause: error });
    }
  },

  gc({ dataDir }, { network, valid }): void {
    if (valid === undefined) return;
    forEachToTheEnd(staleFiles(dataDir, network, valid), "remove saved values", removeFile);
  },
};

function factsOf(conf: TuningConf, call: Call, work: Work): TuningFacts {
  const sysctls = new Map(conf.sysctls.map(({ file }) => [file, work.kernel.sysctl(POD, file)]));
  return changesLink(conf) ? { link: podLink(work, call), sysctls } : { sysctls };
}

/** The interface is about to be deleted: what cannot be put back is no reason to keep it. */
function restore(work: Work, op: Parameters<Work["run"]>[0][number]): void {
  try {
    work.run([op]);
  } catch (error) {
    if (!(error instanceof OpError)) throw error;
    work.warn(`tuning: ${error.message}`);
  }
}

/** Says what file of ours cannot be used. */
function keep<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof SysError)) throw error;
    throw new CniError(
      codes.storage,
      `cannot keep the values of before: ${error.message}`,
      "at dataDir: name a folder that can be written, with room in it",
      { cause: error },
    );
  }
}
