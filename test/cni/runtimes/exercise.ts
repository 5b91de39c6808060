/** What two attached containers must be able to do, whoever attached them. */
import { expect } from "bun:test";
import { join } from "node:path";
import type { Box } from "../box.ts";
import { hostAddress, outside } from "./scene.ts";

export interface Member {
  /** Path of its network namespace, as the box sees it. */
  readonly netns: string;
  readonly address: string;
}

export const gateway = "10.71.0.1";

export function inside(netns: string): readonly string[] {
  return ["nsenter", `--net=${netns}`, "--"];
}

/** Whether an address answers to a ping from within. */
export function reaches(box: Box, { netns }: Member, address: string): boolean {
  return box.try([...inside(netns), "ping", "-c1", "-W2", address]).code === 0;
}

/** The first IPv4 address of an interface. */
export function addressOf(box: Box, netns: string, ifname = "eth0"): string {
  const shown = JSON.parse(box.run([...inside(netns), "ip", "-j", "-4", "addr", "show", "dev", ifname])) as readonly {
    readonly addr_info: readonly { readonly local: string }[];
  }[];
  return shown[0]?.addr_info[0]?.local ?? "none";
}

/** Two members of net1 talk with each other, with the gateway and with who has no route to them. */
export function expectTalk(box: Box, a: Member, b: Member): void {
  const pairs = { "a to b": reaches(box, a, b.address), "b to a": reaches(box, b, a.address) };
  const gateways = { "a to its gateway": reaches(box, a, gateway), "b to its gateway": reaches(box, b, gateway) };
  expect({ ...pairs, ...gateways, "a to the outside": reaches(box, a, outside) }).toEqual({
    "a to b": true,
    "b to a": true,
    "a to its gateway": true,
    "b to its gateway": true,
    "a to the outside": true,
  });
}

/** The limit of the conflist on the host's end, and the sysctl in the container. */
export function expectTuned(box: Box, { netns }: Member): void {
  const qdiscs = JSON.parse(box.run("tc -j qdisc")) as readonly {
    readonly kind: string;
    readonly options?: { readonly rate?: number };
  }[];
  expect(qdiscs.filter(({ kind, options }) => kind === "tbf" && options?.rate === 10_000_000).length).toBeGreaterThan(
    0,
  );
  expect(box.run([...inside(netns), "cat", "/proc/sys/net/ipv4/conf/eth0/arp_filter"]).trim()).toBe("1");
}

const talk = join(import.meta.dir, "talk.ts");

/** What a server in a container says through a port of the host; "" where it cannot be reached. */
export async function ask(
  box: Box,
  { netns }: Member,
  protocol: "tcp" | "udp",
  port: number,
  hostPort: number,
): Promise<string> {
  const server = box.start([...inside(netns), process.execPath, talk, "serve", protocol, "0.0.0.0", String(port)]);
  try {
    await server.stdout.getReader().read();
    return box.try([process.execPath, talk, "ask", protocol, hostAddress, String(hostPort)]).stdout;
  } finally {
    server.kill("SIGKILL");
  }
}
