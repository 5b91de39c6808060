import {
  type Attachment,
  type NetworkList,
  type Runtime,
  type Which,
  findNetwork,
  listCached,
  openRuntime,
  readNetwork,
} from "../../cni/runtime/index.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage.ts";
import { containerIdOf, namespacePath } from "./container.ts";
import { type AttachmentChoice, type NetworkChoice, type Settings, settingsOf } from "./environment.ts";
import { callPlugin, howToGet } from "./own.ts";

/** What a command line of `netloom cni` means. */
export interface Meant {
  readonly network: string;
  readonly attachment: Attachment;
}

/** A runtime that tells people what plugins say. */
export function runtimeOf({ path, cacheDir }: Settings, { note }: Pick<Terminal, "note">): Runtime {
  return openRuntime({ path, cacheDir, call: callPlugin, tell: note, missing: howToGet });
}

/** A network by its name or by its file. Files that cannot be read are told of. @throws {CniError} */
export function networkOf(word: string, { confDir }: Settings, { note }: Pick<Terminal, "note">): NetworkList {
  if (word.includes("/")) return readNetwork(word);
  return findNetwork(confDir, word, ({ message }) => note(`passed over: ${message}`));
}

/** As {@link networkOf}; nothing where it is not configured any more. */
export function networkIfAny(
  word: string,
  settings: Settings,
  terminal: Pick<Terminal, "note">,
): NetworkList | undefined {
  try {
    return networkOf(word, settings, terminal);
  } catch (error) {
    if (error instanceof Error && error.name === "CniError" && !word.includes("/")) return undefined;
    throw error;
  }
}

/** Reads `NET NETNS`. @throws {UsageError} */
export function attachmentOf(words: readonly string[], settings: Settings, verb: string): Meant {
  const [network, netns] = words;
  if (network === undefined || netns === undefined || words.length > 2) {
    throw new UsageError(
      "name one network and one namespace",
      `netloom cni ${verb} NET NETNS, such as: netloom cni ${verb} mynet /run/netns/a`,
    );
  }
  const path = namespacePath(netns);
  const { containerId = containerIdOf(path), ifname, args, capabilityArgs } = settings;
  return {
    network,
    attachment: {
      containerId,
      ifname,
      netns: path,
      ...(args === undefined ? {} : { args }),
      ...(capabilityArgs === undefined ? {} : { capabilityArgs }),
    },
  };
}

/** Reads `NET NETNS`, or the one word that `netloom cni ls -o name` prints. @throws {UsageError} */
function knownAttachmentOf(words: readonly string[], settings: Settings, verb: string): Meant {
  const [only] = words;
  if (words.length !== 1 || only === undefined) return attachmentOf(words, settings, verb);
  const entry = listCached(settings.cacheDir).find((one) => nameOf(one) === only);
  if (entry === undefined) {
    throw new UsageError(
      `${only} is no attachment that is remembered in ${settings.cacheDir}`,
      `write NET NETNS, or a line of 'netloom cni ls -o name'`,
    );
  }
  const { network, containerId, ifname } = entry;
  const { args, capabilityArgs } = settings;
  return {
    network,
    attachment: {
      containerId,
      ifname,
      netns: "",
      ...(args === undefined ? {} : { args }),
      ...(capabilityArgs === undefined ? {} : { capabilityArgs }),
    },
  };
}

/** `NETWORK/CONTAINER/IFNAME`: none of them has a slash in it. */
export function nameOf({
  network,
  containerId,
  ifname,
}: {
  readonly network: string;
  readonly containerId: string;
  readonly ifname: string;
}): string {
  return `${network}/${containerId}/${ifname}`;
}

/** An operation of the runtime on an attachment. */
type Operation = (
  runtime: Runtime,
  network: string,
  list: NetworkList | undefined,
  attachment: Attachment,
  which: Which,
) => Promise<void>;

/** Does it to the attachment that the words mean. @throws {UsageError}, {CniError} */
export async function onKnown({ args, flags, terminal }: KnownCall, verb: string, operation: Operation): Promise<void> {
  const settings = settingsOf(flags, process.env);
  const { network, attachment } = knownAttachmentOf(args, settings, verb);
  const list = networkIfAny(network, settings, terminal);
  const which = flags.current ? "given" : "remembered";
  await operation(runtimeOf(settings, terminal), list?.name ?? network, list, attachment, which);
}

interface KnownCall {
  readonly args: readonly string[];
  readonly flags: NetworkChoice & AttachmentChoice & { readonly current: boolean };
  readonly terminal: Terminal;
}
