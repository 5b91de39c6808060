import type { Command } from "../command.ts";
import { cleanup } from "./cleanup.ts";
import { complete } from "./complete.ts";
import { completion } from "./completion.ts";
import { doctor } from "./doctor.ts";
import { down } from "./down.ts";
import { exec } from "./exec.ts";
import { graph } from "./graph.ts";
import { init } from "./init.ts";
import { inspect } from "./inspect.ts";
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
  completion,
  versionCommand,
  complete,
];
