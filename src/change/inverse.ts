import { present } from "./_equal.ts";
import type { LinkState } from "./net.ts";
import type { Op, OpOf } from "./op.ts";

/**
 * The ops that undo an op that was done, in the order in which to do them; turn a run round from its end. What is
 * inside a namespace does not come back by the inverse of `netns.delete`, and nothing that the op has no `was` for.
 */
export function inverse(op: Op): readonly Op[] {
  const { netns } = op;
  switch (op.do) {
    case "netns.create":
      return [{ do: "netns.delete", netns, was: { owner: op.owner, hostname: op.hostname } }];
    case "netns.delete":
      return op.was === undefined ? [] : [{ do: "netns.create", netns, ...op.was }];
    case "sysctl.set":
      return op.was === undefined ? [] : [{ do: "sysctl.set", netns, key: op.key, value: op.was, was: op.value }];
    case "link.add":
      return [{ do: "link.delete", netns, name: op.link.name, was: op.link, ...(op.peer && { peer: op.peer }) }];
    case "link.set":
      return setBack(op);
    case "link.delete": {
      if (op.was === undefined) return [];
      return [{ do: "link.add", netns, link: op.was, ...(op.peer && { peer: op.peer }) }, ...(op.lost ?? [])];
    }
    case "link.move": {
      const ops: Op[] = [{ do: "link.move", netns: op.to.netns, name: op.to.name, to: { netns, name: op.name } }];
      if (op.was?.up === true)
        ops.push({ do: "link.set", netns, name: op.name, set: { up: true }, was: { up: false } });
      return [...ops, ...(op.lost ?? [])];
    }
    case "vlan.add":
      return [{ do: "vlan.delete", netns, dev: op.dev, vlan: op.vlan }];
    case "vlan.delete":
      return [{ do: "vlan.add", netns, dev: op.dev, vlan: op.vlan }];
    case "addr.add":
      return [{ do: "addr.delete", netns, dev: op.dev, addr: op.addr }, ...(op.lost ?? [])];
    case "addr.delete":
      return [{ do: "addr.add", netns, dev: op.dev, addr: op.addr }, ...(op.lost ?? [])];
    case "route.put":
      return op.was === undefined
        ? [{ do: "route.delete", netns, route: op.route }]
        : [{ do: "route.put", netns, route: op.was, was: op.route }];
    case "route.delete":
      return [{ do: "route.put", netns, route: op.route }];
    case "rule.add":
      return [{ do: "rule.delete", netns, rule: op.rule }];
    case "rule.delete":
      return [{ do: "rule.add", netns, rule: op.rule }];
    case "neigh.put":
      return op.was === undefined
        ? [{ do: "neigh.delete", netns, neigh: op.neigh }]
        : [{ do: "neigh.put", netns, neigh: op.was, was: op.neigh }];
    case "neigh.delete":
      return [{ do: "neigh.put", netns, neigh: op.neigh }];
    case "fdb.put":
      return op.was === undefined
        ? [{ do: "fdb.delete", netns, fdb: op.fdb }]
        : [{ do: "fdb.put", netns, fdb: op.was, was: op.fdb }];
    case "fdb.delete":
      return [{ do: "fdb.put", netns, fdb: op.fdb }];
    case "qdisc.put":
      return op.was === undefined
        ? [{ do: "qdisc.delete", netns, dev: op.dev, was: op.qdisc }]
        : [{ do: "qdisc.put", netns, dev: op.dev, qdisc: op.was, was: op.qdisc }];
    case "qdisc.delete":
      return op.was === undefined ? [] : [{ do: "qdisc.put", netns, dev: op.dev, qdisc: op.was }];
    case "redirect.add":
      return [{ ...op, do: "redirect.delete" }];
    case "redirect.delete":
      return [{ ...op, do: "redirect.add" }];
    case "offload.set":
      return op.was === undefined ? [] : [{ ...op, txChecksum: op.was, was: op.txChecksum }];
    case "ovs.start":
      return [{ do: "ovs.stop", netns, folder: op.folder }];
    case "ovs.stop":
      return [{ do: "ovs.start", netns, folder: op.folder }];
    case "ovs.put":
      // The old device is not there yet when this would put its port back; what is there then is to be compared.
      if (op.again !== undefined) return [];
      return [{ do: "ovs.put", netns, folder: op.folder, owner: op.owner, bridges: op.was ?? [], was: op.bridges }];
    case "flows.forget":
    case "neigh.forget":
    case "nft.clear":
      return [];
    case "nft.put":
    case "nft.delete":
      return ownedBack(op);
    default:
      return op satisfies never;
  }
}

function setBack(op: OpOf<"link.set">): readonly Op[] {
  const { netns, name, set, was } = op;
  const back: LinkState = present({
    ...was,
    ...(set.master !== undefined && { master: was.master ?? null }),
    ...(set.alias !== undefined && { alias: was.alias ?? "" }),
    ...(set.altNames !== undefined && { altNames: was.altNames ?? [] }),
  });
  return [{ do: "link.set", netns, name, set: back, was: set }, ...(op.lost ?? [])];
}

/** Rules that were taken from other owners along the way stay with the new one. */
function ownedBack({ was, ...op }: OpOf<"nft.put"> | OpOf<"nft.delete">): readonly Op[] {
  const { netns, table, owner } = op;
  const now = op.do === "nft.put" ? { was: op.own } : {};
  if (was !== undefined) return [{ do: "nft.put", netns, table, owner, own: was, ...now }];
  return op.do === "nft.put" ? [{ do: "nft.delete", netns, table, owner, ...now }] : [];
}
