import { existsSync, rmSync } from "node:fs";
import type { OpOf, SwitchFacts } from "../../change/index.ts";
import { NETLINK_GENERIC, NetlinkSocket, getFamily } from "../../netlink/index.ts";
import { holdersOf } from "../../netns/index.ts";
import {
  type Datapath,
  OvsdbClient,
  OvsdbError,
  complaintsIn,
  daemonsIn,
  deviceOf,
  programs,
  putSwitch,
  readSwitch,
  socketIn,
  startDaemons,
  stopDaemons,
} from "../../ovsdb/index.ts";
import { getLink } from "../../rtnl/index.ts";
import { inside } from "../../sys/index.ts";
import { OpError } from "../error.ts";
import type { SwitchAt } from "../port.ts";
import type { Places } from "./places.ts";
import type { SwitchOp } from "./requests.ts";
import type { Sessions } from "./session.ts";

/** Does op `at` of a run, of which `done` are done. @throws {OpError} `unsupported` without Open vSwitch */
export function runSwitchOp(
  op: SwitchOp,
  sessions: Sessions,
  places: Places,
  at: number,
  done: ReadonlySet<number>,
): void {
  try {
    act(op, sessions, places);
  } catch (error) {
    if (!(error instanceof OvsdbError)) throw error;
    const code = error.code === "missing" ? "unsupported" : "refused";
    throw new OpError(code, at, op, error.message, { cause: error, done: [...done] });
  }
}

function act(op: SwitchOp, sessions: Sessions, places: Places): void {
  switch (op.do) {
    case "ovs.start":
      start(op, places);
      return;
    case "ovs.stop":
      stop(op);
      return;
    case "ovs.put": {
      using client = new OvsdbClient(socketIn(op.folder));
      const session = sessions.in(op.netns);
      putSwitch(client, op.owner, op.bridges, {
        datapath: () => datapathHere(places, op.netns),
        deviceOf: (name) => {
          const link = session.socket.ask(getLink({ name }));
          return link === undefined ? undefined : deviceOf(link);
        },
        complaints: () => complaintsIn(op.folder),
        ...(op.again !== undefined && { again: op.again }),
      });
      // It made or took away devices.
      session.forgetAll();
      return;
    }
    default:
      op satisfies never;
  }
}

/** A new switch that does not start leaves neither the daemon that did nor files. */
function start({ netns, folder }: OpOf<"ovs.start">, places: Places): void {
  const isNew = !existsSync(folder);
  using fd = places.open(netns);
  try {
    startDaemons(folder, (begin) => inside(fd, begin as never));
  } catch (error) {
    if (isNew) stop({ netns, folder });
    throw error;
  }
}

function stop({ netns, folder }: Pick<OpOf<"ovs.stop">, "netns" | "folder">): void {
  stopDaemons(
    folder,
    holdersOf([netns]).map(({ pid }) => pid),
  );
  rmSync(folder, { recursive: true, force: true });
}

/** The kernel's datapath is the faster one, and few kernels come without; only it knows. */
function datapathHere(places: Places, netns: string): Datapath {
  using fd = places.open(netns);
  using socket = inside(fd, () => new NetlinkSocket(NETLINK_GENERIC));
  return socket.batch([getFamily("ovs_datapath")])[0] === undefined ? "system" : "netdev";
}

/** A switch as it is; nothing where none was started. */
export function readSwitchFacts({ folder, owner }: SwitchAt): SwitchFacts | undefined {
  if (!existsSync(folder)) return undefined;
  if (daemonsIn(folder).length < programs.length) return { folder };
  try {
    using client = new OvsdbClient(socketIn(folder));
    return { folder, bridges: readSwitch(client, owner) };
  } catch (error) {
    // It ends or begins at this moment: as good as not there.
    if (error instanceof OvsdbError && (error.code === "unreachable" || error.code === "closed")) return { folder };
    throw error;
  }
}
