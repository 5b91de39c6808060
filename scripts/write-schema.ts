/** Writes `schemas/lab.schema.json` from the zod schema. Run it after changing `src/lab/file/schema.ts`. */
import { writeFileSync } from "node:fs";

import { labJsonSchemaText } from "../src/lab/file/index.ts";

writeFileSync(new URL("../schemas/lab.schema.json", import.meta.url), labJsonSchemaText());
