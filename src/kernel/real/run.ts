import type { LinkSpecOf, NetnsName, Op } from "../../change/index.ts";
import { NetlinkSocket, type Refusal, type Request } from "../../netlink/index.ts";
import { createNetns, deleteNetns, pinState } from "../../netns/index.ts";
import { setLink } from "../../rtnl/index.ts";
import { E, type Fd, SysError, type Tun, inside, makeTun, writeSysctl } from "../../sys/index.ts";
import type { RunOptions } from "../port.ts";
import { present } from "./encode.ts";
import { lateFirewall, lateRefusal, lateSwitch, lateWide } from "./late.ts";
import type { Places } from "./places.ts";
import { type DirectOp, type NetlinkOp, requestsOf } from "./requests.ts";
import { LOOPBACK_INDEX, type Session, type Sessions } from "./session.ts";
import type { SideOp } from "./switch.ts";

/** One run: gathers neighbouring ops of a namespace into one exchange with the kernel. */
export class Run {
  readonly #ops: readonly Op[];
  readonly #before: RunOptions["before"];
  readonly #places: Places;
  readonly #sessions: Sessions;
  readonly #beforeDelete: (last: NetnsName) => void;
  readonly #done = new Set<number>();
  readonly #fds = new Map<NetnsName, Fd>();
  #session: Session | undefined;
  #batch: { readonly request: Request; readonly op: number }[] = [];

  constructor(
    ops: readonly Op[],
    { before }: RunOptions,
    places: Places,
    sessions: Sessions,
    beforeDelete: (last: NetnsName) => void,
  ) {
    this.#ops = ops;
    this.#before = before;
    this.#places = places;
    this.#sessions = sessions;
    this.#beforeDelete = beforeDelete;
  }

  all(): void {
    this.#sessions.beforeAsking = this.#sendGathered;
    try {
      for (let at = 0; at < this.#ops.length;) at = this.#step(at);
      this.#flush();
      for (const session of this.#sessions.all()) this.#flushDeferred(session);
    } catch (error) {
      // What was gathered and not sent is not done; numbers that were given to its links are not in use.
      for (const session of this.#sessions.all()) {
        session.deferred.length = 0;
        session.forgetAll();
      }
      throw error;
    } finally {
      this.#sessions.beforeAsking = () => undefined;
      for (const fd of this.#fds.values()) fd.close();
    }
  }

  /** Does the op at `at`, and perhaps some after it; returns the next one. */
  #step(at: number): number {
    const op = this.#ops[at] as Op;
    if (this.#before !== undefined) {
      this.#flush();
      this.#before(at);
    }
    switch (op.do) {
      case "netns.create":
      case "netns.delete":
      case "sysctl.set":
      case "flows.forget":
        this.#flush();
        return this.#direct(op, at);
      case "nft.put":
      case "nft.delete":
      case "nft.clear":
        this.#flush();
        this.#nft(op, at);
        return at + 1;
      case "neigh.forget":
        this.#flush();
        this.#guarded(at, () => lateWide().forgetNeighs(this.#sessions.in(op.netns).socket, op.ips));
        this.#done.add(at);
        return at + 1;
      case "offload.set":
        this.#flush();
        this.#guarded(at, () => this.#sessions.in(op.netns).socket.setTxChecksum(op.dev, op.txChecksum));
        this.#done.add(at);
        return at + 1;
      case "ovs.start":
        this.#flush();
        this.#guarded(at, () => lateSwitch().runStart(op, this.#places, at, this.#done));
        this.#done.add(at);
        return at + 1;
      case "ovs.stop":
      case "ovs.put":
        this.#flush();
        return this.#sideBySide(op, at);
      case "link.add":
        if (op.link.kind === "tun") this.#tun(op.link, op.netns, at);
        this.#gather(op, at);
        return at + 1;
      default:
        this.#gather(op, at);
        return at + 1;
    }
  }

  /** The ruleset is another subsystem, with sockets of its own. */
  #nft(op: Extract<Op, { readonly do: `nft.${string}` }>, at: number): void {
    this.#guarded(at, () => {
      const firewall = lateFirewall();
      const socket = this.#sessions.nft(op.netns);
      if (op.do === "nft.put") firewall.putOwned(socket, op);
      else if (op.do === "nft.delete") firewall.deleteOwned(socket, op);
      else firewall.clearForeign(socket, op);
    });
    this.#done.add(at);
  }

  /** Switches of different namespaces do side by side what they are told. */
  #sideBySide(op: SideOp, at: number): number {
    const some: SideOp[] = [];
    const folders = new Set<string>();
    for (const next of this.#ops.slice(at, this.#before === undefined ? undefined : at + 1)) {
      if (next.do !== op.do || folders.has(next.folder)) break;
      folders.add(next.folder);
      some.push(next);
    }
    const failed = lateSwitch().runSideBySide(some, this.#sessions, this.#places, at, this.#done);
    if (failed === undefined) return at + some.length;
    return this.#guarded(failed.at, () => {
      throw failed.error;
    });
  }

  /** No message makes a tun device: it is opened. The rest of its state is set as that of any link. */
  #tun(link: LinkSpecOf<"tun">, netns: NetnsName, at: number): void {
    this.#flush();
    const { type = "tun", packetInfo, vnetHdr, multiQueue, owner, group } = link.data ?? {};
    const mode = type === "tap" ? "tap" : "tun";
    const device = present<Tun>({ name: link.name, mode, packetInfo, vnetHdr, multiQueue, owner, group });
    this.#guarded(at, () => {
      using fd = this.#places.open(netns);
      inside(fd, () => makeTun(device));
      this.#sessions.in(netns).forgetAll();
    });
  }

  #gather(op: NetlinkOp, at: number): void {
    const session = this.#guarded(at, () => this.#sessions.in(op.netns));
    if (session !== this.#session) this.#flush();
    const requests = this.#guarded(at, () => requestsOf(op, at, this.#sessions, (netns) => this.#fdOf(netns)));
    const waiting = session.deferred.splice(0);
    this.#session = session;
    this.#batch.push(...waiting, ...requests.map((request) => ({ request, op: at })));
    if (requests.length === 0) this.#done.add(at);
    // A hook wants each op done before the next is announced.
    if (this.#before !== undefined) {
      this.#flush();
      for (const other of this.#sessions.all()) this.#flushDeferred(other);
    }
  }

  readonly #sendGathered = (): void => {
    const session = this.#session;
    const batch = this.#batch;
    this.#batch = [];
    this.#session = undefined;
    if (session !== undefined) this.#send(session, batch);
  };

  #flush(): void {
    this.#sendGathered();
    for (const fd of this.#fds.values()) fd.close();
    this.#fds.clear();
  }

  #flushDeferred(session: Session): void {
    if (session.deferred.length > 0) this.#send(session, session.deferred.splice(0));
  }

  #send(session: Session, batch: readonly { readonly request: Request; readonly op: number }[]): void {
    if (batch.length === 0) return;
    const answers = session.socket.batch(batch.map(({ request }) => request));
    const failed = new Map<number, Refusal>();
    // The first refusal of an op is the reason; those after it follow from it.
    for (const [i, { op }] of batch.entries()) {
      const answer = answers[i];
      if (answer === undefined || failed.has(op) || isAlreadySo(this.#ops[op] as Op, answer)) continue;
      failed.set(op, answer);
    }
    for (const { op } of batch) if (!failed.has(op)) this.#done.add(op);
    if (failed.size === 0) return;
    const first = Math.min(...failed.keys());
    const refusal = failed.get(first) as Refusal;
    throw this.#refusal().opErrorOfRefusal(first, this.#ops[first] as Op, refusal, [...this.#done]);
  }

  #direct(op: DirectOp, at: number): number {
    const end = this.#before === undefined ? this.#sameKind(op, at) : at + 1;
    const some = this.#ops.slice(at, end) as DirectOp[];
    let index = at;
    this.#guarded(
      () => index,
      () => {
        const after = (): void => void this.#done.add(index++);
        if (op.do === "netns.create") this.#create(some, after);
        else if (op.do === "netns.delete") this.#delete(some, after);
        else if (op.do === "sysctl.set") this.#sysctls(op.netns, some, after);
        else this.#flows(op.netns, some, after);
      },
    );
    return end;
  }

  /** Where the run of like ops ends (for what is done inside one: in the same namespace). */
  #sameKind(op: DirectOp, at: number): number {
    let end = at + 1;
    for (; end < this.#ops.length; end++) {
      const next = this.#ops[end] as Op;
      const isWithin = op.do === "sysctl.set" || op.do === "flows.forget";
      if (next.do !== op.do || (isWithin && next.netns !== op.netns)) break;
    }
    return end;
  }

  #create(ops: readonly DirectOp[], after: () => void): void {
    const created = ops.filter((op) => op.do === "netns.create");
    createNetns(
      created.map(({ netns, hostname }) => ({ name: netns, hostname })),
      ({ name }, i) => {
        const socket = new NetlinkSocket();
        try {
          // The tag is on it before anybody can see the namespace.
          socket.run(
            setLink({ index: LOOPBACK_INDEX }, { alias: (created[i] as (typeof created)[number]).owner, up: true }),
          );
        } catch (error) {
          socket[Symbol.dispose]();
          throw error;
        }
        this.#sessions.adopt(name, socket);
      },
      after,
    );
  }

  #delete(ops: readonly DirectOp[], after: () => void): void {
    const last = ops.findLast(({ netns }) => pinState(netns) === "pinned");
    if (last !== undefined) this.#beforeDelete(last.netns);
    for (const { netns } of ops) {
      this.#sessions.close(netns);
      deleteNetns(netns);
      after();
    }
    for (const session of this.#sessions.all()) session.forgetAll();
  }

  #sysctls(netns: NetnsName, ops: readonly DirectOp[], after: () => void): void {
    const write = (): undefined => {
      for (const op of ops) {
        if (op.do === "sysctl.set") setSysctl(op);
        after();
      }
    };
    if (this.#places.isOwn(netns)) {
      write();
      return;
    }
    using fd = this.#places.open(netns);
    inside(fd, write);
  }

  #flows(netns: NetnsName, ops: readonly DirectOp[], after: () => void): void {
    const firewall = lateFirewall();
    using fd = this.#places.open(netns);
    using socket = inside(fd, firewall.flowSocket);
    for (const op of ops) {
      if (op.do === "flows.forget") firewall.forgetFlows(socket, op.flows);
      after();
    }
  }

  #fdOf(netns: NetnsName): number {
    let fd = this.#fds.get(netns);
    if (fd === undefined) this.#fds.set(netns, (fd = this.#places.open(netns)));
    return fd.number;
  }

  /** What explains an error is a file that is loaded now. Held sockets make room for it: descriptors may be what is lacking. */
  #refusal(): ReturnType<typeof lateRefusal> {
    this.#sessions[Symbol.dispose]();
    return lateRefusal();
  }

  /** Turns what `body` throws into an {@link OpError} for the op it is about. */
  #guarded<T>(at: number | (() => number), body: () => T): T {
    try {
      return body();
    } catch (error) {
      const index = typeof at === "number" ? at : at();
      throw this.#refusal().opErrorOf(index, this.#ops[index] as Op, error, [...this.#done]);
    }
  }
}

/** A veth goes with the namespace of its other end, also between our look and our word. */
function isAlreadySo(op: Op, { errno: number }: Refusal): boolean {
  return op.do === "link.delete" && number === E.ENODEV;
}

function setSysctl({ key, value, wished }: Extract<Op, { readonly do: "sysctl.set" }>): void {
  try {
    writeSysctl(key, value);
  } catch (error) {
    if (wished !== true || !(error instanceof SysError) || !["EROFS", "EACCES", "EPERM"].includes(error.code))
      throw error;
  }
}
