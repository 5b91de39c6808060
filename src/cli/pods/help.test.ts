import { expect, test } from "bun:test";
import { commonOptions, mostWords } from "./acting.ts";
import { helpText } from "./help.ts";
import { local } from "./local.ts";
import { uplinks } from "./uplinks.ts";

/** Those of xcluster's `netns_test`; `init` is what it calls itself. */
const original =
  `prerequisites for name create init veth exec compute_address assign_addresses rndaddress_node rndaddress_pods address_pods
  cni_bridge_configure cni_bridge_start assign_bridge_address connect_to_bridge set_default_route setup_routes setup_overlay add_ipvlan
  ping_all_random ping_all_pods tcase_version tcase_cni_bridge_configure tcase_cni_bridge_start tcase_cni_bridge_ping tcase_create
  tcase_create_with_addresses tcase_forward tcase_linux_bridge tcase_bridge_ping tcase_attach_eth_to_bridge tcase_ping_all_random
  tcase_setup_routes tcase_setup_overlay tcase_default_route tcase_ping_all_pods tcase_ipvlan tcase_xbridge tcase_xnetns
  tcase_create_vlans`.split(/\s+/);
const ours = ["delete", "list", "status", "cni_bridge_stop", "add_macvlan"];

test("every command of xcluster's is there and in the help, and what is new", () => {
  const listed = [...helpText().matchAll(/^ {2}(?! )([a-z_]+)(?= |$)/gm)].map(([, name = ""]) => name);
  const commands = listed.filter((name) => name !== "netns_test");
  expect(commands.toSorted()).toEqual([...original, ...ours].toSorted());
  expect([...Object.keys(local), ...Object.keys(uplinks)].filter((name) => !commands.includes(name))).toEqual([]);
});

test("how many words a command takes follows from its help", () => {
  const most = (name: string): number => mostWords({ ...local, ...uplinks }[name] ?? {});
  expect(["list", "create", "delete", "add_ipvlan", "set_default_route"].map(most)).toEqual([0, 2, 2, 3, 3]);
  expect(["setup_overlay", "tcase_xbridge", "tcase_xnetns", "init"].map(most)).toEqual([0, 2, Infinity, 1]);
});

test.each([...Object.entries(local), ...Object.entries(uplinks)])("%s: help has each option of its own", (_, own) => {
  for (const option of own.options ?? []) {
    expect(own.words).toContain(option.replaceAll("_", "-"));
    expect(commonOptions).not.toContain(option);
  }
  const inHelp = (own.words ?? "").match(/--[a-z-]+/g) ?? [];
  for (const option of inHelp) {
    expect([...commonOptions, ...(own.options ?? [])]).toContain(option.replaceAll("-", "_"));
  }
});

test("help says what becomes of a command that is interrupted", () => {
  expect(helpText()).toMatch(/interrupted \(Ctrl-C, SIGTERM\)[^]*the same command goes on, and delete removes it/);
});
