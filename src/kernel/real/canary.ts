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

  static in(session: Session): Canary {
    return excursion(() => {
      enterNew(CLONE.NEWNET);
      using fd = openOwn("net");
      const socket = new NetlinkSocket();
      try {
        session.socket.run(
          addLink({ kind: "veth", name: `c${process.pid}-${count++}`, peer: { name: NAME, netnsFd: fd.number } }),
        );
      } catch (error) {
        socket[Symbol.dispose]();
        throw error;
      }
      return new Canary(socket);
    });
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
