import { expect, test } from "bun:test";
import { NetlinkError } from "../../src/netlink/index.ts";
import { addBridgeVlan, addLink, delBridgeVlan, listBridgeVlans, setLink } from "../../src/rtnl/index.ts";
import { indexOf, pair, shown, socket } from "./rtnl-witness.ts";

const index = pair("port");
socket.run(addLink({ kind: "bridge", name: "br" }));
socket.run(setLink({ index }, { master: indexOf("br") }));

/** Without VLAN filtering the kernel refuses with EOPNOTSUPP. */
function lacksVlans(): boolean {
  try {
    socket.run(addBridgeVlan({ index, vid: 10, pvid: true, untagged: true }));
  } catch (error) {
    if (error instanceof NetlinkError && error.message.includes("EOPNOTSUPP")) return true;
    throw error;
  }
  return false;
}

test("ports and bridges are listed", () => {
  expect(socket.dump(listBridgeVlans()).map((port) => port.index)).toContain(index);
});

const lacking = lacksVlans();
test.skipIf(lacking)("VLANs of a port (needs CONFIG_BRIDGE_VLAN_FILTERING)", () => {
  socket.run(addBridgeVlan({ index, vid: 20, last: 22 }));
  const ours = socket.dump(listBridgeVlans()).find((port) => port.index === index);
  expect(ours?.vlans).toContainEqual({ vid: 10, pvid: true, untagged: true });
  expect(ours?.vlans.map(({ vid }) => vid)).toEqual(expect.arrayContaining([20, 21, 22]));
  const [seen] = shown<{ readonly vlans: readonly unknown[] }>("bridge", "-j", "vlan", "show", "dev", "port");
  expect(seen?.vlans).toContainEqual({ vlan: 10, flags: ["PVID", "Egress Untagged"] });
  socket.run(delBridgeVlan({ index, vid: 10 }));
  const after = socket.dump(listBridgeVlans()).find((port) => port.index === index);
  expect(after?.vlans.some(({ vid }) => vid === 10)).toBe(false);
});
