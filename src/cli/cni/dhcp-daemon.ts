import { command } from "../command.ts";
import { text, toggle } from "../flags.ts";

export const dhcpDaemon = command({
  name: "cni dhcp-daemon",
  about: "keep the leases of containers whose addresses come from a DHCP server",
  completes: "none",
  flags: {
    socketpath: text("FILE", "where the plugin finds it", { otherwise: "/run/cni/dhcp.sock" }),
    pidfile: text("FILE", "write its process ID there"),
    hostprefix: text("DIR", "put before the paths of namespaces, when it runs in a container"),
    broadcast: toggle("ask servers to answer by broadcast"),
    timeout: text("TIME", "how long an answer to a renewal is waited for", { otherwise: "10s" }),
    resendmax: text("TIME", "the longest pause between two questions", { otherwise: "62s" }),
    resendtimeout: text("TIME", "after this long without a lease ADD fails", { otherwise: "208s" }),
  },
  examples: [
    ["cni dhcp-daemon", "until SIGTERM; leases are left to the next daemon"],
    ["cni dhcp-daemon --resendtimeout 20s", "be less patient"],
  ],
  notes:
    "Plugin dhcp needs it. It is the same as `dhcp daemon` of the reference plugins, with the same flags, but each understands its own plugin only. It may be killed and started again at any time: what it keeps is noted in SOCKET.leases.",
  run: async ({ flags }) => {
    const { runDhcpDaemon } = await import("../../plugins/index.ts");
    const words = Object.entries(flags).flatMap(([name, value]) =>
      value === undefined || value === false ? [] : [`-${name}=${value}`],
    );
    return runDhcpDaemon(words);
  },
});
