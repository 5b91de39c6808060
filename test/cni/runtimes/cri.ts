/** A client of containerd's CRI service, as kubelet is one: gRPC over HTTP/2 on a unix socket. */
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { Decoded, encode, type Message } from "./protobuf.ts";

/** A pod as CRI knows it. */
export interface Pod {
  readonly id: string;
  readonly address: string;
  /** Path of its network namespace. */
  readonly netns: string;
}

export interface PortMapping {
  readonly protocol: "tcp" | "udp";
  readonly containerPort: number;
  readonly hostPort: number;
}

export class Cri implements Disposable {
  readonly #session: ClientHttp2Session;
  readonly #folder: string;

  /** @param folder - for the pods' logs, as the service sees it; must be there */
  constructor(path: string, folder: string) {
    this.#folder = folder;
    this.#session = connectHttp2("http://localhost", { createConnection: () => connect(path) });
  }

  /** Waits until the service has found a network. @throws {Error} after ten seconds */
  async ready(): Promise<void> {
    const until = performance.now() + 10_000;
    for (;;) {
      const status = (await this.#call("Status", { 1: true })).messages(1)[0];
      const network = status?.messages(1).find((condition) => condition.text(1) === "NetworkReady");
      if (network?.number(2) === 1) return;
      if (performance.now() > until) throw new Error("the CRI service finds no network");
      await Bun.sleep(50);
    }
  }

  /** @throws {Error} with what the service says */
  async run(name: string, cgroupParent: string, ports: readonly PortMapping[] = []): Promise<Pod> {
    const config: Message = {
      1: { 1: name, 2: `uid-${name}`, 3: "default" },
      2: name,
      3: this.#folder,
      5: ports.map(({ protocol, containerPort, hostPort }) => ({
        ...(protocol === "udp" ? { 1: 1 } : {}),
        2: containerPort,
        3: hostPort,
      })),
      8: { 1: cgroupParent },
    };
    const id = (await this.#call("RunPodSandbox", { 1: config })).text(1);
    const shown = await this.#call("PodSandboxStatus", { 1: id, 2: true });
    const info = shown.messages(2).find((entry) => entry.text(1) === "info");
    const { runtimeSpec } = JSON.parse(info?.text(2) ?? "{}") as {
      readonly runtimeSpec: {
        readonly linux: { readonly namespaces: readonly { readonly type: string; readonly path?: string }[] };
      };
    };
    const netns = runtimeSpec.linux.namespaces.find(({ type }) => type === "network")?.path ?? "";
    return { id, netns, address: shown.messages(1)[0]?.messages(5)[0]?.text(1) ?? "" };
  }

  async stop({ id }: Pod): Promise<void> {
    await this.#call("StopPodSandbox", { 1: id });
  }

  async remove({ id }: Pod): Promise<void> {
    await this.#call("RemovePodSandbox", { 1: id });
  }

  /** @throws {Error} with the message of the service */
  async #call(method: string, request: Message): Promise<Decoded> {
    const stream = this.#session.request({
      ":method": "POST",
      ":path": `/runtime.v1.RuntimeService/${method}`,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const body = encode(request);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(body.length, 1);
    stream.end(Buffer.concat([prefix, body]));
    const status = Promise.withResolvers<{ code: number; message: string }>();
    const note = (headers: Readonly<Record<string, unknown>>): void => {
      if (headers["grpc-status"] === undefined) return;
      status.resolve({
        code: Number(headers["grpc-status"]),
        message: decodeURIComponent(text(headers["grpc-message"])),
      });
    };
    stream.on("response", note); // where there is no answer but an error, it comes at once
    stream.on("trailers", note);
    stream.on("error", status.reject);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const { code, message } = await status.promise;
    if (code !== 0) throw new Error(`${method}: ${message}`);
    return new Decoded(Buffer.concat(chunks).subarray(5));
  }

  [Symbol.dispose](): void {
    this.#session.close();
  }
}

function text(header: unknown): string {
  return typeof header === "string" ? header : "";
}
