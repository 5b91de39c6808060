import { type Call, CniError, type Plugin, codes, specVersions } from "../../cni/index.ts";
import { ask } from "./ask.ts";
import { resultOf } from "./lease.ts";
import { readNotes, removeNote } from "./note.ts";
import { type Holder, noteName, notesFolder } from "./protocol.ts";
import { type DhcpConf, parseDhcp } from "./schema.ts";

/** Gives addresses that a DHCP server of the network leases; a daemon on this host keeps them. */
export const dhcp: Plugin<DhcpConf> = {
  name: "dhcp",
  about: "gives addresses leased from a DHCP server, kept by a daemon",
  versions: specVersions,
  withoutKernel: true,

  parse: parseDhcp,

  async add({ socket, provide, request, priority }, call, work) {
    if (work.dry)
      throw new CniError(
        codes.notAvailable,
        "what a DHCP server would answer cannot be said beforehand",
        "at ipam.type: ADD asks it",
      );
    const holder = holderOf(call);
    // If a later plugin fails, or this process dies while it waits, the address goes back.
    work.undo("give the DHCP lease back", async () => void (await ask(socket, { do: "release", ...holder })));
    const answer = await ask(socket, { do: "allocate", ...holder, netns: call.netns, provide, request });
    if (answer === undefined) throw absent(socket, codes.missing);
    if (answer.lease === undefined) throw new CniError(codes.internal, "the DHCP daemon granted nothing");
    return resultOf(answer.lease, priority);
  },

  async del({ socket }, call, work) {
    if (work.dry) return;
    const holder = holderOf(call);
    // Without a daemon nothing is kept any more; the next one must not begin again with this.
    if ((await ask(socket, { do: "release", ...holder })) === undefined) removeNote(notesFolder(socket), holder);
  },

  async check({ socket }, call) {
    const answer = await ask(socket, { do: "show", ...holderOf(call) });
    if (answer === undefined) throw absent(socket, codes.checkFailed);
    const { containerId, ifname, prevResult } = call;
    if (answer.lease === undefined)
      throw new CniError(
        codes.checkFailed,
        `there is no DHCP lease for container ${containerId}, interface ${ifname}`,
        "it ended, or the server took it back; DEL and ADD again",
      );
    const { address } = answer.lease;
    const known = prevResult?.ips;
    if (known === undefined || known.some((one) => one.address === address)) return;
    throw new CniError(
      codes.checkFailed,
      `the DHCP lease is for ${address}, and ADD answered ${known.map((one) => one.address).join(", ") || "no address"}`,
      "the server gives another address now; DEL and ADD again",
    );
  },

  async status({ socket }) {
    if ((await ask(socket, { do: "status" })) === undefined) throw absent(socket, codes.notAvailable);
  },

  async gc({ socket }, { network, valid }, work) {
    if (valid === undefined || work.dry) return;
    if ((await ask(socket, { do: "collect", network, valid })) !== undefined) return;
    const folder = notesFolder(socket);
    const names = new Set(valid.map((one) => noteName({ ...one, network })));
    for (const { holder } of readNotes(folder))
      if (holder.network === network && !names.has(noteName(holder))) removeNote(folder, holder);
  },
};

function holderOf({ containerId, network, ifname }: Call): Holder {
  return { containerID: containerId, network, ifname };
}

function absent(socket: string, code: number): CniError {
  return new CniError(
    code,
    `the DHCP daemon is not there: nobody listens on ${socket}`,
    "start it (`dhcp daemon`, or `netloom cni dhcp-daemon`), or name its socket as ipam.daemonSocketPath",
  );
}
