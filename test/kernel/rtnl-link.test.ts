import { describe, expect, test } from "bun:test";
import {
  type Link,
  addAltName,
  addLink,
  delAltName,
  delLink,
  getLink,
  listLinks,
  setLink,
} from "../../src/rtnl/index.ts";
import { parseMac } from "../../src/values/index.ts";
import { type Shown, indexOf, ip, one, pair, socket } from "./rtnl-witness.ts";

describe("links", () => {
  test("a pair is made with names and addresses", () => {
    const mac = parseMac("02:00:00:00:00:01");
    socket.run(addLink({ kind: "veth", name: "p0", mac, mtu: 1400, peer: { name: "p1", mtu: 1300 } }));
    expect(one("p0")).toMatchObject({ address: mac, mtu: 1400, link: "p1" });
    expect(one("p1")).toMatchObject({ mtu: 1300 });
    expect(socket.ask(getLink({ name: "p0" }))).toMatchObject({ lower: indexOf("p1"), mac, up: false });
    socket.run(delLink({ name: "p0" }));
    expect(socket.ask(getLink({ name: "p1" }))).toBeUndefined();
  });

  test("what is set is shown", () => {
    const index = pair("s0");
    socket.run(addLink({ kind: "bridge", name: "sbr" }));
    const master = indexOf("sbr");
    socket.run(
      setLink(
        { index },
        { mtu: 1280, alias: "owner", txQueueLen: 77, promisc: true, arp: false, allmulti: true, master, group: 3 },
      ),
    );
    socket.run(setLink({ index }, { port: { hairpin: true, isolated: true, learning: false, flood: false } }));
    const seen = one("s0");
    expect(seen).toMatchObject({ mtu: 1280, ifalias: "owner", txqlen: 77, master: "sbr", inet6_addr_gen_mode: "none" });
    expect(seen.flags).toEqual(expect.arrayContaining(["PROMISC", "NOARP", "ALLMULTI", "UP"]));
    expect(seen.linkinfo?.info_slave_data).toMatchObject({
      hairpin: true,
      isolated: true,
      learning: false,
      flood: false,
    });
    const link = socket.ask(getLink({ index }));
    expect(link).toMatchObject({
      mtu: 1280,
      alias: "owner",
      txQueueLen: 77,
      promisc: true,
      arp: false,
      allmulti: true,
      master,
      group: 3,
      up: true,
      carrier: true,
      addrGenMode: "none",
    });
    expect(link?.port).toMatchObject({ hairpin: true, isolated: true, learning: false, flood: false });
    expect(socket.dump(listLinks({ master })).map(({ name }) => name)).toEqual(["s0"]);
    expect(socket.dump(listLinks({ kind: "bridge" })).map(({ name }) => name)).toEqual(["sbr"]);
    socket.run(setLink({ index }, { master: 0, alias: "" }));
    expect(one("s0").master).toBeUndefined();
    expect(one("s0").ifalias).toBeUndefined();
    expect(socket.ask(getLink({ index }))?.alias).toBeUndefined();
    socket.run(delLink({ index: master }));
    socket.run(delLink({ index }));
  });

  test("a link has other names, and is renamed by its number", () => {
    const index = pair("n0");
    const long = "a-very-long-name-of-an-interface";
    socket.run(addAltName({ index }, long));
    expect(one("n0").altnames).toEqual([long]);
    expect(socket.ask(getLink({ name: long }))).toMatchObject({ name: "n0", altNames: [long] });
    socket.run(delAltName({ index }, long));
    socket.run(setLink({ index }, { up: false }));
    socket.run(setLink({ index }, { name: "n9" }));
    expect(socket.ask(getLink({ index }))).toMatchObject({ name: "n9", altNames: [] });
    socket.run(delLink({ index }));
  });

  test("all links are listed as ip lists them", () => {
    const ours = socket.dump(listLinks());
    const theirs = ip<Shown & { readonly ifindex: number }>("link");
    expect(
      ours.map((link: Link) => [link.index, link.name, link.mtu, link.operState.toString().toUpperCase()]),
    ).toEqual(theirs.map((link) => [link.ifindex, link.ifname, link.mtu, link.operstate]));
    expect(ours.every(({ stats }) => stats === undefined)).toBe(true);
    expect(typeof socket.dump(listLinks({ stats: true }))[0]?.stats?.rxPackets).toBe("bigint");
  });
});
