import { printingHelp } from "../../xcluster/index.ts";
import { local } from "./local.ts";
import { uplinks } from "./uplinks.ts";

/** What `netns_test` says of itself. */
export function helpText(): string {
  return [
    "netns_test: pods on this node, by xcluster's rules of names and addresses (part of netloom)",
    "",
    "Examples:",
    "  NPODS=2 netns_test create && netns_test veth 2 && netns_test assign_addresses 2",
    "  netns_test tcase_linux_bridge && netns_test tcase_bridge_ping",
    "  netns_test exec vm-001-ns01 ip address",
    "  netns_test delete --all",
    "",
    "Commands that print, as the original does; with --strict they refuse what is not exactly right:",
    ...printingHelp.flatMap(({ command, args, about }) => [
      `  ${[command, args].filter(Boolean).join(" ")}`,
      `      ${about}`,
    ]),
    "",
    "Commands:",
    ...lines(false),
    "  exec [--env=NAME=VALUE] [--cwd=FOLDER] [--timeout=SECONDS] POD [COMMAND...]",
    "      run a command in a pod; a shell without one",
    "",
    "Test cases:",
    ...lines(true),
    "",
    "Options follow the command. All commands have --node=N (for host names that say no number), --nvm=N, --family=4|6,",
    "--json and --verbose; pings --timeout=, --retries= and --interval=. Variables, with their defaults:",
    "  ADRTEMPLATE=172.16.0.0/16/24 PREFIX=1000::1 PODIF=eth0 BR=br0 NPODS=4 NAME_PREFIX= RNDADR= __nvm=4",
    "A command that fails undoes what it did; one that is repeated changes nothing. One that is interrupted (Ctrl-C, SIGTERM)",
    "leaves what it has made: the same command goes on, and delete removes it.",
  ].join("\n");
}

function lines(isCase: boolean): readonly string[] {
  return [...Object.entries(local), ...Object.entries(uplinks)]
    .filter(([name]) => name.startsWith("tcase_") === isCase)
    .flatMap(([name, { words, about }]) => [`  ${[name, words].filter(Boolean).join(" ")}`, `      ${about}`]);
}
