import { expect, test } from "bun:test";
import {
  addLink,
  delFdb,
  delLink,
  delNeigh,
  listFdb,
  listNeighs,
  putFdb,
  putNeigh,
  setLink,
} from "../../src/rtnl/index.ts";
import { parseIp, parseMac } from "../../src/values/index.ts";
import { indexOf, ip, pair, shown, socket } from "./rtnl-witness.ts";

const v4 = { local: parseIp("192.0.2.1") } as const;

test("neighbours", () => {
  const index = pair("h0");
  const mac = parseMac("02:00:00:00:00:07");
  for (const text of ["192.0.2.7", "2001:db8::7"]) socket.run(putNeigh({ index, ip: parseIp(text), mac }));
  expect(ip("neigh", "show", "dev", "h0", "nud", "permanent")).toMatchObject([
    { dst: "192.0.2.7", lladdr: mac, state: ["PERMANENT"] },
    { dst: "2001:db8::7", lladdr: mac, state: ["PERMANENT"] },
  ]);
  expect(socket.dump(listNeighs({ family: 4, index }))).toMatchObject([
    { index, ip: "192.0.2.7", mac, state: "permanent" },
  ]);
  socket.run(delNeigh({ index, ip: parseIp("192.0.2.7") }));
  expect(socket.dump(listNeighs({ family: 4, index })).filter(({ state }) => state === "permanent")).toEqual([]);
  socket.run(delLink({ index }));
});

test("forwarding entries", () => {
  socket.run(addLink({ kind: "vxlan", name: "f0", data: { id: 50, local: v4.local, port: 4789, learning: false } }));
  const index = indexOf("f0");
  const zero = parseMac("00:00:00:00:00:00");
  const mac = parseMac("02:00:00:00:00:09");
  socket.run(putFdb({ index, mac, dst: parseIp("198.51.100.9") }));
  socket.run(putFdb({ index, mac, dst: parseIp("198.51.100.10"), vni: 51, port: 4790 }));
  for (const last of [1, 2]) socket.run(putFdb({ index, mac: zero, dst: parseIp(`198.51.100.${last}`), append: true }));
  const seen = shown<{ readonly mac: string; readonly dst: string }>("bridge", "-j", "fdb", "show", "dev", "f0");
  const key = ({ mac: address, dst }: { readonly mac: string; readonly dst?: string }) => `${address} ${dst}`;
  expect(seen.map(key).toSorted()).toEqual([`${zero} 198.51.100.1`, `${zero} 198.51.100.2`, `${mac} 198.51.100.10`]);
  const ours = socket.dump(listFdb({ index }));
  expect(ours.map(key).toSorted()).toEqual(seen.map(key).toSorted());
  expect(ours.find((entry) => entry.mac === mac)).toMatchObject({
    vni: 51,
    port: 4790,
    table: "self",
    life: "permanent",
  });
  socket.run(delFdb({ index, mac, dst: parseIp("198.51.100.10"), vni: 51, port: 4790 }));
  expect(socket.dump(listFdb({ index })).some((entry) => entry.mac === mac)).toBe(false);
  socket.run(delLink({ index }));
});

test("forwarding entries of a bridge", () => {
  const index = pair("g0");
  socket.run(addLink({ kind: "bridge", name: "gbr", up: true }));
  const master = indexOf("gbr");
  socket.run(setLink({ index }, { master }));
  const lives = [
    ["permanent", "01"],
    ["static", "02"],
    ["dynamic", "03"],
  ] as const;
  for (const [life, last] of lives)
    socket.run(putFdb({ index, mac: parseMac(`02:00:00:00:09:${last}`), table: "master", life }));
  const ours = socket.dump(listFdb({ brIndex: master })).filter((entry) => entry.mac.startsWith("02:00:00:00:09"));
  expect(ours.map(({ mac, life, brIndex }) => `${mac.slice(-2)} ${life} ${brIndex}`).toSorted()).toEqual(
    lives.map(([life, last]) => `${last} ${life} ${master}`),
  );
  const seen = shown<{ readonly mac: string; readonly state: string }>("bridge", "-j", "fdb", "show", "br", "gbr");
  const states = lives.map(([, last]) => seen.find(({ mac }) => mac === `02:00:00:00:09:${last}`)?.state);
  expect(states).toEqual(["permanent", "static", ""]);
  socket.run(delLink({ index: master }));
  socket.run(delLink({ index }));
});
