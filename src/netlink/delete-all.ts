import { E } from "../sys/index.ts";
import { NetlinkError } from "./error.ts";
import type { Request } from "./request.ts";
import type { NetlinkSocket } from "./socket.ts";

/** Deletes several things; one that is gone meanwhile (ENOENT) is fine. @throws {NetlinkError} the first other refusal, after all were tried */
export function deleteAll(socket: Pick<NetlinkSocket, "batch">, deletions: readonly Request[]): void {
  for (const [at, refusal] of socket.batch(deletions).entries()) {
    if (refusal === undefined || refusal.errno === E.ENOENT) continue;
    throw new NetlinkError(deletions[at]?.doing ?? "delete", refusal);
  }
}
