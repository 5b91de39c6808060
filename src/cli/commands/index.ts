import type { Command } from "../command.ts";
import { down } from "./down.ts";
import { exec } from "./exec.ts";
import { graph } from "./graph.ts";
import { inspect } from "./inspect.ts";
import { ls } from "./ls.ts";
import { plan } from "./plan.ts";
import { test } from "./test.ts";
import { up } from "./up.ts";
import { validate } from "./validate.ts";
import { versionCommand } from "./version.ts";

/** All commands, in the order of the help: that of a lab's life. */
export const commands: readonly Command[] = [validate, plan, up, down, ls, inspect, exec, test, graph, versionCommand];
