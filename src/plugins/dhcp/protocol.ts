/** What the plugin and the daemon say to each other: one line of JSON each way, on a connection for each question. */
import type { Attachment, JsonObject } from "../../cni/index.ts";
import type { Lease } from "./lease.ts";

/** Whose lease it is. */
export interface Holder extends Attachment {
  readonly network: string;
}

export type Request =
  | (Holder & {
      readonly do: "allocate";
      /** As CNI_NETNS gave it. */
      readonly netns: string;
      readonly provide: Readonly<Record<number, string>>;
      readonly request: readonly number[];
    })
  | (Holder & { readonly do: "show" | "release" })
  /** Ends all leases of a network whose attachment is not valid. */
  | { readonly do: "collect"; readonly network: string; readonly valid: readonly Attachment[] }
  | { readonly do: "status" };

export type Answer =
  | { readonly ok: true; readonly lease?: Lease; readonly leases?: number }
  | { readonly ok: false; readonly code: number; readonly message: string; readonly details?: string };

/** The client identifier, which is also what a lease is found by: 0, then container, network and interface, cut at 254 bytes. */
export function clientIdOf({ containerID, network, ifname }: Holder): Uint8Array {
  return new TextEncoder().encode(`\0${containerID}/${network}/${ifname}`).subarray(0, 254);
}

/** The folder of the daemon's notes on its leases, beside its socket: they outlive it, but not the system. */
export function notesFolder(socket: string): string {
  return `${socket}.leases`;
}

/** The file of a lease: its holder may be longer than a file name. */
export function noteName({ containerID, network, ifname }: Holder): string {
  const hash = new Bun.CryptoHasher("sha256").update(`${network}\0${containerID}\0${ifname}`).digest("hex");
  return `${hash.slice(0, 40)}.json`;
}

/** Whether it looks like a question: the socket is open to root alone, so this is against mistakes. */
export function isRequest(value: unknown): value is Request {
  if (typeof value !== "object" || value === null) return false;
  const said = value as JsonObject;
  const texts = (...keys: readonly string[]): boolean => keys.every((key) => typeof said[key] === "string");
  switch (said["do"]) {
    case "status":
      return true;
    case "collect":
      return texts("network") && Array.isArray(said["valid"]);
    case "show":
    case "release":
      return texts("network", "containerID", "ifname");
    case "allocate":
      return texts("network", "containerID", "ifname", "netns") && Array.isArray(said["request"]);
    default:
      return false;
  }
}
