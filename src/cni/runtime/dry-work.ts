import type { Op } from "../../change/index.ts";
import type { Kernel } from "../../kernel/index.ts";
import { CniError, codes } from "../error.ts";
import type { Call, Plugin, Work } from "../plugin.ts";
import type { Result } from "../result.ts";
import { dispatch } from "../work.ts";

/** {@link Work} of which nothing is left but what it tells. */
export class DryWork implements Work {
  readonly dry = true;
  readonly pod = true;
  readonly kernel: Kernel;
  readonly #call: Call;
  readonly #find: (type: string) => Promise<Plugin | undefined>;
  readonly #tell: (text: string) => void;

  /**
   * @param find - by what another plugin is explained, which it tells people, too
   */
  constructor(
    call: Call,
    kernel: Kernel,
    find: (type: string) => Promise<Plugin | undefined>,
    tell: (text: string) => void,
  ) {
    this.#call = call;
    this.kernel = kernel;
    this.#find = find;
    this.#tell = tell;
  }

  run(ops: readonly Op[]): void {
    this.kernel.run(ops);
  }

  /** Nothing has to be taken back from a kernel that goes away. */
  undo(): void {
    return;
  }

  warn(text: string): void {
    this.#tell(text);
  }

  async delegate(type: string, command = this.#call.command): Promise<Result | undefined> {
    const plugin = await this.#find(type);
    if (plugin !== undefined) {
      const result = await dispatch(plugin, { ...this.#call, command }, this);
      const ips = result?.ips?.map(({ address }) => address) ?? [];
      if (ips.length > 0) this.#tell(`${type} would give ${ips.join(" and ")}`);
      return result;
    }
    throw unexplained(type);
  }
}

/** Why there is no more to say: what follows depends on a plugin that is not netloom's. */
export function unexplained(type: string): CniError {
  return new CniError(
    codes.delegate,
    `cannot explain further: what plugin ${type} would answer is its own`,
    "netloom explains what its own plugins do",
  );
}
