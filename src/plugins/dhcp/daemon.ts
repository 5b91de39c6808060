import { CniError, codes, toCniError } from "../../cni/index.ts";
import { Keeper, type Settings } from "./keeper.ts";
import { readNotes, removeNote } from "./note.ts";
import { Place } from "./place.ts";
import { type Answer, type Holder, type Request, isRequest, noteName } from "./protocol.ts";

/** Keeps the leases of this host's containers. */
export class Daemon {
  readonly #settings: Settings;
  /** Put before the paths of namespaces: the daemon may run in a container. */
  readonly #hostPrefix: string;
  readonly #keepers = new Map<string, Keeper>();

  constructor(settings: Settings, hostPrefix = "") {
    this.#settings = settings;
    this.#hostPrefix = hostPrefix;
  }

  get leases(): number {
    return [...this.#keepers.values()].filter(({ lease }) => lease !== undefined).length;
  }

  /** Goes on with the leases of a daemon that ended or was killed, and forgets those whose namespace is gone. @throws {SysError} */
  resume(): void {
    for (const note of readNotes(this.#settings.notes)) {
      const place = Place.find(note.netns, note.holder.ifname, note.netnsId);
      if (place?.link() === undefined) {
        removeNote(this.#settings.notes, note.holder);
        continue;
      }
      this.#keeper(note.holder, note.netns, place, note).adopt(note);
    }
  }

  /** Ends, and leaves the leases to the next daemon. */
  close(): void {
    for (const keeper of this.#keepers.values()) keeper.pause();
    this.#keepers.clear();
  }

  /**
   * Answers one line of a plugin; never throws.
   * @param hungUp - tells whether the plugin has gone away: then what it asked for is not wanted any more
   */
  async answer(line: string, hungUp: () => boolean): Promise<Answer> {
    try {
      const request: unknown = JSON.parse(line);
      if (isRequest(request)) return await this.#do(request, hungUp);
      throw new CniError(
        codes.undecodable,
        "the DHCP daemon does not understand the question",
        "plugin and daemon must be of one release",
      );
    } catch (error) {
      const { code, message, details } = toCniError(error);
      return { ok: false, code, message, ...(details !== undefined && { details }) };
    }
  }

  async #do(request: Request, hungUp: () => boolean): Promise<Answer> {
    switch (request.do) {
      case "status":
        return { ok: true, leases: this.leases };
      case "show": {
        const lease = this.#keepers.get(noteName(request))?.lease;
        return { ok: true, ...(lease && { lease }) };
      }
      case "release":
        await this.#end(request);
        return { ok: true };
      case "collect": {
        const valid = new Set(request.valid.map((one) => noteName({ ...one, network: request.network })));
        const stale = [...this.#keepers].filter(
          ([name, { holder }]) => holder.network === request.network && !valid.has(name),
        );
        await Promise.all(stale.map(([, { holder }]) => this.#end(holder)));
        return { ok: true };
      }
      case "allocate":
        return this.#allocate(request, hungUp);
      default:
        return request satisfies never;
    }
  }

  async #allocate(request: Request & { readonly do: "allocate" }, hungUp: () => boolean): Promise<Answer> {
    const { containerID, network, ifname } = request;
    const netns = this.#hostPrefix + request.netns;
    const place = Place.find(netns, ifname);
    if (place === undefined)
      throw new CniError(
        codes.missing,
        `cannot ask for an address: the DHCP daemon sees no namespace ${netns}`,
        "run the daemon where it sees the same files as the plugin, or give it -hostprefix",
      );
    if (place.link() === undefined)
      throw new CniError(
        codes.missing,
        `cannot ask for an address: there is no interface ${ifname} in ${netns}`,
        "dhcp gives addresses to the interface of another plugin: name it as that plugin's ipam.type",
      );
    // Asked again, the same client has the same address: it is not given back in between.
    this.#keepers.get(noteName(request))?.pause();
    const keeper = this.#keeper({ containerID, network, ifname }, netns, place, request);
    const watch = setInterval(() => {
      if (hungUp()) void keeper.end(true);
    }, 100);
    try {
      const outcome = await keeper.acquire();
      if (outcome.kind === "granted" && !hungUp()) return { ok: true, lease: outcome.lease };
      await this.#drop(keeper);
      if (outcome.kind === "granted" || outcome.kind === "cancelled")
        throw new CniError(codes.tryAgain, "the question was withdrawn");
      throw new CniError(
        codes.tryAgain,
        `no DHCP lease on ${ifname}: ${outcome.why}`,
        "is a DHCP server on this network, and does it have addresses left?",
      );
    } catch (error) {
      await this.#drop(keeper);
      if (error instanceof CniError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new CniError(codes.kernel, `cannot ask for a DHCP lease on ${ifname} in ${netns}: ${why}`);
    } finally {
      clearInterval(watch);
    }
  }

  #keeper(
    holder: Holder,
    netns: string,
    place: Place,
    wishes: Pick<Request & { do: "allocate" }, "provide" | "request">,
  ): Keeper {
    const { provide, request } = wishes;
    const name = noteName(holder);
    const keeper = new Keeper(holder, netns, place, { provide, request }, this.#settings, (gone) => {
      if (this.#keepers.get(name) === gone) this.#keepers.delete(name);
    });
    this.#keepers.set(name, keeper);
    return keeper;
  }

  /** Ends a keeper, unless another has its place already. */
  #drop(keeper: Keeper): Promise<void> {
    const name = noteName(keeper.holder);
    if (this.#keepers.get(name) === keeper) this.#keepers.delete(name);
    return keeper.end(true);
  }

  async #end(holder: Holder): Promise<void> {
    const name = noteName(holder);
    const keeper = this.#keepers.get(name);
    this.#keepers.delete(name);
    await keeper?.end(true);
    // Another daemon may have left one.
    if (!this.#keepers.has(name)) removeNote(this.#settings.notes, holder);
  }
}
