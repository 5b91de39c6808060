/** A line of the help of `netns_test`. */
export interface HelpEntry {
  readonly command: string;
  /** As in a usage line. */
  readonly args: string;
  readonly about: string;
}

/** The help of the printing commands, in its order. */
export const printingHelp: readonly HelpEntry[] = [
  { command: "prerequisites", args: "", about: "say that nothing is missing: ipu is part of this program" },
  { command: "for", args: "[count] [first]", about: "numbers; NPODS of them from 1 where nothing is said" },
  { command: "name", args: "[count] [first]", about: "names of this node's pods" },
  {
    command: "compute_address",
    args: "[--family=4|6] POD",
    about: "the addresses of a pod by its name, whichever node it is on",
  },
  { command: "address_pods", args: "NODE [4|6]", about: "the addresses of a node's NPODS pods" },
  {
    command: "rndaddress_node",
    args: "NODE [4|6]",
    about: "a node's addresses by the shuffled list, /etc/rnd-addresses",
  },
  { command: "rndaddress_pods", args: "NODE [4|6]", about: "those of a node's NPODS pods" },
];
