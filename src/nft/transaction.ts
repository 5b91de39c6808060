import { NetlinkError, type NetlinkSocket, type Refusal, type Request, request } from "../netlink/index.ts";
import { RESOURCE, batchBegin, batchEnd, headerOf } from "./message.ts";

/** A message of a transaction that was refused, so that nothing of it is done. */
export interface Refused {
  readonly refusal: Refusal;
  /** What was asked; absent where the transaction as a whole was refused. */
  readonly request?: Request;
}

export interface TransactionOptions {
  /** Done only if the ruleset is still of this generation ({@link getGeneration}); ERESTART otherwise. */
  readonly generation?: number;
}

/**
 * Does all of the requests in one step, or nothing: what others see is the ruleset before or after. Gives the refusals; there are
 * none when it is done.
 */
export function tryTransaction(
  socket: NetlinkSocket,
  requests: readonly Request[],
  { generation }: TransactionOptions = {},
): readonly Refused[] {
  const header = headerOf("unspec", RESOURCE);
  const begin = request(batchBegin, 0, header, generation === undefined ? {} : { generation }, "begin a transaction");
  const end = request(batchEnd, 0, header, {}, "end a transaction");
  const refused = socket.transaction(begin, requests, end);
  return [...refused].map(([at, refusal]) => {
    const asked = requests[at];
    return asked === undefined ? { refusal } : { refusal, request: asked };
  });
}

/** The same. @throws {NetlinkError} with the first refusal: which request, errno, the kernel's sentence, the attribute */
export function transaction(socket: NetlinkSocket, requests: readonly Request[], options?: TransactionOptions): void {
  const first = tryTransaction(socket, requests, options)[0];
  if (first !== undefined) throw refusedError(first);
}

export function refusedError({ refusal, request: asked }: Refused): NetlinkError {
  return new NetlinkError(asked?.doing ?? "change the ruleset", refusal);
}
