import { CniError, codes } from "../../cni/index.ts";
import type { Answer, Request } from "./protocol.ts";

/** Asks the daemon; `undefined` where there is none. @throws {CniError} the daemon's own; 106 when it hangs up */
export async function ask(socket: string, request: Request): Promise<Extract<Answer, { ok: true }> | undefined> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let text = "";
  try {
    await Bun.connect({
      unix: socket,
      socket: {
        open: (connection) => void connection.write(`${JSON.stringify(request)}\n`),
        data: (_, bytes) => {
          text += new TextDecoder().decode(bytes);
        },
        close: () => resolve(text),
      },
    });
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === "ENOENT" || code === "ECONNREFUSED" || code === "ENOTDIR") return undefined;
    throw failed(socket, error instanceof Error ? error.message : String(error), error);
  }
  const line = await promise;
  const answer = parse(line);
  if (answer === undefined)
    throw failed(socket, line === "" ? "it hung up without an answer" : "its answer cannot be read");
  if (answer.ok) return answer;
  throw new CniError(answer.code, answer.message, answer.details);
}

function parse(line: string): Answer | undefined {
  try {
    const answer = JSON.parse(line) as Answer;
    return typeof answer.ok === "boolean" ? answer : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function failed(socket: string, why: string, cause?: unknown): CniError {
  return new CniError(
    codes.storage,
    `cannot ask the DHCP daemon at ${socket}: ${why}`,
    "is it netloom's? The daemon of another program speaks another language: start `dhcp daemon` of netloom",
    { cause },
  );
}
