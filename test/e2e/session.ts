import { join } from "node:path";
import type { Said } from "./sandbox.ts";

const program = join(import.meta.dir, "_session.ts");

/** What one command wrote, and its exit code. */
interface Part {
  readonly text: string;
  readonly code: number;
}

/** One process for many commands of netloom: where nothing but starting it would take time. */
export class Session implements AsyncDisposable {
  readonly #process = Bun.spawn([process.execPath, program], { stdin: "pipe", stdout: "pipe", stderr: "pipe" });
  readonly #out = parts(this.#process.stdout);
  readonly #err = parts(this.#process.stderr);

  /** Runs `netloom ARGS`. */
  async netloom(...args: readonly string[]): Promise<Said> {
    void this.#process.stdin.write(`${JSON.stringify(args)}\n`);
    await this.#process.stdin.flush();
    const [out, err] = await Promise.all([this.#out.next(), this.#err.next()]);
    if (out.done === true || err.done === true) throw new Error(`netloom ${args.join(" ")}: the session is gone`);
    return { code: out.value.code, stdout: out.value.text, stderr: err.value.text };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stdin.end();
    await this.#process.exited;
  }
}

/** Each command's output, up to its mark. */
async function* parts(stream: ReadableStream<Uint8Array>): AsyncGenerator<Part> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    for (let mark = end(rest); mark !== undefined; mark = end(rest)) {
      yield { text: rest.slice(0, mark.at), code: mark.code };
      rest = rest.slice(mark.next);
    }
  }
}

function end(text: string): { readonly at: number; readonly next: number; readonly code: number } | undefined {
  const found = /\n<<exit (\d+)>>\n/.exec(text);
  if (found === null) return undefined;
  return { at: found.index, next: found.index + found[0].length, code: Number(found[1]) };
}
