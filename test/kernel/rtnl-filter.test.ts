import { expect, test } from "bun:test";
import {
  addLink,
  addQdisc,
  addRedirect,
  delQdisc,
  handle,
  listFilters,
  putQdisc,
  rootQdisc,
  setLink,
} from "../../src/rtnl/index.ts";
import { NetlinkError } from "../../src/netlink/index.ts";
import { indexOf, pair, shown, socket } from "./rtnl-witness.ts";

const index = pair("f0");

/** What the kernel says that has no such device, discipline, classifier or action. */
const wanting =
  /Unknown device type|qdisc kind is unknown|TC classifier not found|Failed to load TC action module|ENOENT/;

function lacking(): boolean {
  try {
    socket.run(addLink({ kind: "ifb", name: "ifb0" }));
    socket.run(addQdisc({ index, kind: "ingress" }));
    socket.run(addRedirect({ index, to: indexOf("ifb0") }));
    socket.run(delQdisc({ index, kind: "ingress" }));
    return false;
  } catch (error) {
    if (!(error instanceof NetlinkError) || !wanting.test(error.message)) throw error;
    return true;
  }
}

const without = lacking();
const needs = "(needs CONFIG_IFB, CONFIG_NET_SCH_INGRESS, CONFIG_NET_CLS_U32, CONFIG_NET_ACT_MIRRED)";

test.skipIf(without)(`what comes in is redirected ${needs}`, () => {
  const to = indexOf("ifb0");
  socket.run(addQdisc({ index, kind: "ingress" }));
  socket.run(addRedirect({ index, to }));
  const filters = shown<Record<string, unknown>>("tc", "-j", "filter", "show", "dev", "f0", "ingress");
  expect(filters.at(-1)).toMatchObject({
    protocol: "all",
    pref: 1,
    kind: "u32",
    options: {
      match: { value: "0", mask: "0", off: 0 },
      actions: [{ kind: "mirred", mirred_action: "redirect", direction: "egress", to_dev: "ifb0" }],
    },
  });
  expect(socket.dump(listFilters(index))).toEqual([{ index, kind: "u32", redirect: to }]);
  expect(() => socket.run(addQdisc({ index, kind: "ingress" }))).toThrow(/EEXIST/);
  socket.run(delQdisc({ index, kind: "ingress" }));
  expect(socket.dump(listFilters(index))).toEqual([]);
});

test.skipIf(without)(`packets come out of the other link ${needs}`, () => {
  const to = indexOf("ifb0");
  socket.run(setLink({ name: "ifb0" }, { up: true }));
  socket.run(addQdisc({ index, kind: "ingress" }));
  socket.run(addRedirect({ index, to }));
  const received = () =>
    shown<{ stats64: { rx: { bytes: number } } }>("ip", "-j", "-s", "link", "show", "dev", "ifb0")[0]?.stats64.rx
      .bytes ?? 0;
  const before = received();
  // A datagram sent into the pair's other end comes in on the first.
  Bun.spawnSync(["ip", "addr", "add", "192.0.2.1/24", "dev", "f0p"]);
  Bun.spawnSync(["ip", "neigh", "add", "192.0.2.2", "lladdr", "02:00:00:00:00:02", "dev", "f0p"]);
  Bun.spawnSync(["bash", "-c", `printf '%01000d' 0 >/dev/udp/192.0.2.2/9`]);
  expect(received() - before).toBeGreaterThan(1000);
  socket.run(delQdisc({ index, kind: "ingress" }));
});

test("one link's root discipline is asked for alone", () => {
  socket.run(putQdisc({ index, handle: handle(1), kind: "tbf", rate: 1_000_000, burst: 1_000_000, latency: 25_000 }));
  expect(socket.ask(rootQdisc(index))).toMatchObject({ index, handle: handle(1), kind: "tbf", rate: 1_000_000 });
  socket.run(delQdisc({ index }));
  expect(socket.ask(rootQdisc(index))?.kind).toBe("other");
});
