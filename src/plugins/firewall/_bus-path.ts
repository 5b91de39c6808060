import { identity } from "../../sys/index.ts";

const SOCKET = "/run/dbus/system_bus_socket";

/** Where the system's message bus listens; `undefined` on a host without one. */
export function busPath(): string | undefined {
  const path = /(?:^|;)unix:path=([^,;]+)/.exec(process.env["DBUS_SYSTEM_BUS_ADDRESS"] ?? "")?.[1] ?? SOCKET;
  return identity(path) === undefined ? undefined : path;
}
