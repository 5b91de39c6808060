import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { LabFileError, labJsonSchemaText, parseLabText } from "../lab/index.ts";
import { makeDirs } from "../sys/index.ts";
import { UsageError } from "./usage.ts";

/** Not text to YAML, but they can be names. */
const words = new Set(["true", "false", "null"]);
const schemaFile = "netloom.schema.json";

/**
 * Writes a lab file and the schema that editors complete it by; returns what was written.
 * @throws {UsageError} where there is a lab file already, and for a name that is none
 */
export function writeStarter(folder: string, given: string | undefined): readonly string[] {
  const name = given ?? nameOf(resolve(folder));
  const text = starterText(name);
  requireName(text, name);
  makeDirs(resolve(folder));
  const there = readdirSync(folder).find((file) => file.endsWith(".netloom.yaml"));
  if (there !== undefined) {
    throw new UsageError(
      `${join(folder, there)} is there already; nothing was written`,
      "name another folder: netloom init DIR",
    );
  }
  const path = join(folder, `${name}.netloom.yaml`);
  writeFileSync(path, text, { flag: "wx" });
  const schema = join(folder, schemaFile);
  if (existsSync(schema)) return [path];
  writeFileSync(schema, labJsonSchemaText(), { flag: "wx" });
  return [path, schema];
}

/** A name is wrong where it was said, not in a file that is never written. @throws {UsageError} */
function requireName(text: string, name: string): void {
  try {
    parseLabText(text, "the lab file");
  } catch (error) {
    if (!(error instanceof LabFileError)) throw error;
    throw new UsageError(`--name ${error.issues[0]?.message ?? name}`);
  }
}

/** A folder's name as far as it can be a lab's. */
export function nameOf(path: string): string {
  const letters = basename(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  return letters.slice(0, 32).replaceAll(/^-+|-+$/g, "") || "lab";
}

/** The lab file that `init` writes: the default example, with every choice explained. */
export function starterText(name: string): string {
  return `# yaml-language-server: $schema=./${schemaFile}
# A lab of netloom: two nodes with three pods each. Bring it up with: netloom up
name: ${/^[a-z][a-z0-9-]*$/.test(name) && !words.has(name) ? name : JSON.stringify(name)}

# How many nodes and how many pods on each; or lists with names, see the schema.
nodes: 2
pods: 3

# Pods get addresses by template: the node's number fills the bits between the two lengths, the pod's those after.
# The IPv6 one takes the IPv4 address in. Leave one out for a lab of one family.
addresses:
  ipv4: 172.16.0.0/16/24
  ipv6: 1000::1:0.0.0.0

# The LAN between the nodes; an IPv4 prefix, an IPv6 prefix, or a list of both.
underlay:
  prefixes: fd00:192:168:1::/64
  mtu: 1500

# How the nodes are joined: none, l2, routes, vxlan or ip6tnl.
network:
  join: vxlan

# Slow or lossy links (tc's units); "on" is a node, a pod, or node:interface, with * for any text.
# links:
#   - on: vm-001
#     rate: 10mbit
`;
}
