import { expect, test } from "bun:test";
import { type RtnlEvent, getLink, watch } from "../../src/rtnl/index.ts";
import { gone, ns, ofLink, run, socket, there, until } from "./watch-scratch.ts";

test("links come, go up, go down and go", async () => {
  using events = watch({ ns, link: true });
  there("link add w0 type bridge");
  const [made] = await until(events, (event) => ofLink(event, "w0") !== undefined);
  expect(made).toMatchObject({ action: "new", event: "link", link: { name: "w0", kind: "bridge", up: false } });
  there("link set w0 up");
  await until(events, (event) => ofLink(event, "w0")?.up === true);
  there("link set w0 down mtu 1400");
  const [last] = (await until(events, (event) => ofLink(event, "w0")?.up === false)).slice(-1);
  expect(last).toMatchObject({ link: { index: socket.ask(getLink({ name: "w0" }))?.index, mtu: 1400 } });
  there("link del w0");
  await until(events, gone("w0"));
});

test("addresses, routes and neighbours", async () => {
  using events = watch({ ns });
  for (const words of [
    "link add w1 up type bridge",
    "addr add 192.0.2.1/24 dev w1",
    "-6 addr add 2001:db8::1/64 dev w1 nodad",
    "route add 198.51.100.0/24 via 192.0.2.9",
    "-6 route add 2001:db8:1::/48 via 2001:db8::9",
    "neigh add 192.0.2.7 lladdr 02:00:00:00:00:07 dev w1",
    "neigh del 192.0.2.7 dev w1",
    "rule add to 203.0.113.0/24 table 77",
    "route del 198.51.100.0/24",
    "addr del 192.0.2.1/24 dev w1",
    "link del w1",
  ])
    there(words);
  const seen = await until(events, gone("w1"));
  const has = (event: Record<string, unknown>): void =>
    expect(seen).toContainEqual(expect.objectContaining(event) as RtnlEvent);
  const the = (facts: object): unknown => expect.objectContaining(facts);
  for (const prefix of ["192.0.2.1/24", "2001:db8::1/64"]) has({ action: "new", event: "addr", addr: the({ prefix }) });
  has({ action: "del", event: "addr", addr: the({ prefix: "192.0.2.1/24" }) });
  for (const [dst, gateway] of [
    ["198.51.100.0/24", "192.0.2.9"],
    ["2001:db8:1::/48", "2001:db8::9"],
  ])
    has({ action: "new", event: "route", route: the({ dst, gateway }) });
  has({ action: "del", event: "route", route: the({ dst: "198.51.100.0/24" }) });
  for (const action of ["new", "del"]) has({ action, event: "neigh", neigh: the({ ip: "192.0.2.7" }) });
  has({ action: "new", event: "rule", rule: the({ to: "203.0.113.0/24", table: 77 }) });
});

test("only what was asked for, only of that namespace", async () => {
  using events = watch({ ns, addr: true });
  using here = watch({ link: true });
  run("link", "add", "w2", "type", "bridge");
  run("addr", "add", "192.0.2.2/24", "dev", "w2");
  run("link", "del", "w2");
  there("link add w3 type bridge"); // down, so that the kernel gives it no address of its own
  there("addr add 192.0.2.3/24 dev w3");
  const seen = await until(events, (event) => event.event === "addr" && event.addr.prefix === "192.0.2.3/24");
  expect(seen).toHaveLength(1);
  const own = await until(here, gone("w2"));
  expect(own.every((event) => ofLink(event, "w2") !== undefined)).toBe(true);
  there("link del w3");
});
