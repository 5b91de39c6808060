import { contains } from "../addr/contains.ts";
import { find } from "../addr/find.ts";
import { linkLocal } from "../addr/link-local.ts";
import { list } from "../addr/list.ts";
import { make } from "../addr/make.ts";
import { overlap } from "../addr/overlap.ts";
import { shuffle } from "../addr/shuffle.ts";
import { slice } from "../addr/slice.ts";
import { add } from "../cni/add.ts";
import { check } from "../cni/check.ts";
import { del } from "../cni/del.ts";
import { dhcpDaemon } from "../cni/dhcp-daemon.ts";
import { explain } from "../cni/explain.ts";
import { gc } from "../cni/gc.ts";
import { install } from "../cni/install.ts";
import { ls as cniLs } from "../cni/ls.ts";
import { status } from "../cni/status.ts";
import { version as cniVersion } from "../cni/version.ts";
import type { Command, CommandGroup } from "../command.ts";
import { connect as podsConnect } from "../pods/connect.ts";
import { create as podsCreate } from "../pods/create.ts";
import { remove as podsDelete } from "../pods/delete.ts";
import { podsExec } from "../pods/exec-modern.ts";
import { join as podsJoin } from "../pods/join.ts";
import { podsList, podsStatus } from "../pods/list.ts";
import { ping as podsPing } from "../pods/ping.ts";
import { cleanup } from "./cleanup.ts";
import { complete } from "./complete.ts";
import { completion } from "./completion.ts";
import { doctor } from "./doctor.ts";
import { down } from "./down.ts";
import { exec } from "./exec.ts";
import { graph } from "./graph.ts";
import { init } from "./init.ts";
import { inspect } from "./inspect.ts";
import { ipu } from "./ipu.ts";
import { ls } from "./ls.ts";
import { plan } from "./plan.ts";
import { schema } from "./schema.ts";
import { shell } from "./shell.ts";
import { test } from "./test.ts";
import { up } from "./up.ts";
import { validate } from "./validate.ts";
import { versionCommand } from "./version.ts";

/** All commands, in the order of the help: that of a lab's life. */
export const commands: readonly Command[] = [
  init,
  validate,
  plan,
  up,
  down,
  ls,
  inspect,
  exec,
  shell,
  test,
  graph,
  doctor,
  cleanup,
  schema,
  add,
  del,
  check,
  gc,
  status,
  cniVersion,
  cniLs,
  explain,
  install,
  dhcpDaemon,
  make,
  find,
  list,
  contains,
  overlap,
  linkLocal,
  shuffle,
  slice,
  ipu,
  podsCreate,
  podsDelete,
  podsList,
  podsStatus,
  podsConnect,
  podsJoin,
  podsPing,
  podsExec,
  completion,
  versionCommand,
  complete,
];

/** Commands with a common first word. */
export const groups: readonly CommandGroup[] = [
  {
    name: "cni",
    about: "call CNI plugins, netloom's or anybody's, and install netloom's",
    notes:
      "NET is a network's name in NETCONFPATH, or the path of its file; NETNS a path, or a name that 'ip netns' shows. The variables of cnitool count: NETCONFPATH, CNI_PATH, CNI_IFNAME, CNI_ARGS, CAP_ARGS.",
  },
  {
    name: "addr",
    about: "addresses by number: make them from a template, look them up, list and compare them",
    notes:
      "A TEMPLATE is an address with two lengths: 172.16.0.0/16/24 numbers nets in the bits from 16 to 24, and hosts in the bits after 24. 'netloom ipu' is the same as xcluster's program has it, quirks included.",
  },
  {
    name: "pods",
    about: "pods on this machine itself, without a lab: make, connect, list and delete them",
    notes:
      "Names, numbers and addresses follow xcluster's rules: pod 3 of node 1 is vm-001-ns03 with 172.16.1.3/24. The variables of netns_test count (NPODS, ADRTEMPLATE, PREFIX, PODIF, BR, NAME_PREFIX); flags beat them. 'netloom netns_test' is the same as xcluster's program has it.",
  },
];
