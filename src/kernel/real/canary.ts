import { NetlinkSocket } from "../../netlink/index.ts";
import { addLink, getLink } from "../../rtnl/index.ts";
import { CLONE, enterNew, excursion, openOwn } from "../../sys/index.ts";
import type { Session } from "./session.ts";

const NAME = "canary0";
/** There may be one already: of a deletion that was refused, or of a process that died. */
let count = 0;
const STEP_MS = 1;
/** A process in one of the namespaces keeps it, for as long as it runs: that is for the caller to notice, not to wait for. */
const PATIENCE_MS = 5000;

/**
 * A deleted namespace's links vanish some time later, all at once with those of the namespaces deleted with it
 * (cleanup_net of net/core/net_namespace.c). The canary is a pair with one end in the namespace that is deleted last and
 * the other in one of our own, where its end can be seen.
 */
export class Canary implements Disposable {
  readonly #socket: NetlinkSocket;

  private constructor(socket: NetlinkSocket) {
    this.#socket = socket;
  }

  /** One in a namespace that is about to be deleted. */
  static in(session: Session): Canary {
    return excursion(() => Canary.#between(session.socket));
  }

  /** One in a namespace of its own that ends at once: it goes when all have gone that were deleted before, by whomever. */
  static alone(): Canary {
    return excursion(() => {
      enterNew(CLONE.NEWNET);
      using scratch = new NetlinkSocket();
      return Canary.#between(scratch);
    });
  }

  /** Within an excursion: makes the pair, with its other end in a new namespace that our socket keeps. */
  static #between(socket: NetlinkSocket): Canary {
    enterNew(CLONE.NEWNET);
    using fd = openOwn("net");
    const own = new NetlinkSocket();
    try {
      const peer = { name: NAME, netnsFd: fd.number };
      socket.run(addLink({ kind: "veth", name: `c${process.pid}-${count++}`, peer }));
    } catch (error) {
      own[Symbol.dispose]();
      throw error;
    }
    return new Canary(own);
  }

  /** Resolves when the other end is gone, or after five seconds. */
  async gone(): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    while (performance.now() < until && this.#socket.ask(getLink({ name: NAME })) !== undefined)
      await Bun.sleep(STEP_MS);
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }
}
