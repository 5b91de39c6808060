/** The commands of docs/xcluster.md, as they stand there, and that the native ones make the same. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { PodNode } from "./pod-node.ts";

const root = join(import.meta.dir, "../..");
const page = await Bun.file(join(root, "docs/xcluster.md")).text();
const script = /^## `netns_test`\n\n```sh\n(.*?)^```/ms.exec(page)?.[1] ?? "";
const native = [...(/The same by native commands: (.*)\n/.exec(page)?.[1] ?? "").matchAll(/`(netloom .*?)`/g)].map(
  ([, line = ""]) => line,
);

/** What pods and node are like: addresses, routes and ports, without what is another each time. */
function stateOf(node: PodNode): string {
  const look = ["vm-001-ns01", "vm-001-ns02"].map(
    (pod) => `ip -n ${pod} -br addr; ip -n ${pod} route; ip -n ${pod} -6 route`,
  );
  const said = node.must("sh", "-c", [...look, "ip -br link show master br0", "ip -br -4 addr show br0"].join("; "));
  return said.replaceAll(/@if\d+|([\da-f]{2}:){5}[\da-f]{2}/g, "");
}

async function afterwards(lines: string): Promise<string> {
  await using node = await PodNode.start("vm-001");
  const names = 'export PATH="/tmp/bin:$PATH"; mkdir /tmp/bin';
  const shims = ["netloom", "netns_test"].map((name) => {
    const words = name === "netloom" ? "" : ` ${name}`;
    return `printf '#!/bin/sh\\nexec ${root}/bin/netloom${words} "$@"\\n' >/tmp/bin/${name}; chmod +x /tmp/bin/${name}`;
  });
  const [before = "", after = ""] = lines.split(/^(?=.*delete --all)/m);
  node.must("sh", "-ec", [names, ...shims, before].join("\n"));
  const state = stateOf(node);
  node.must("sh", "-ec", `PATH="/tmp/bin:$PATH"\n${after}`);
  expect(node.must("ls", "/run/netns")).toBe("");
  expect(node.must("ip", "-br", "link")).toMatch(/^lo [^\n]*\n$/);
  return state;
}

test("both ways make the same, and take it away", async () => {
  expect(script.split("\n").length).toBeGreaterThan(6);
  expect(native).toHaveLength(3);
  const original = await afterwards(script);
  expect(original).toContain("172.16.1.2/24");
  expect(await afterwards(native.join("\n"))).toBe(original);
});
