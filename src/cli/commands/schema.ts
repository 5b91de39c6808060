import { command } from "../command.ts";

export const schema = command({
  name: "schema",
  about: "print the JSON Schema of lab files, for editors",
  completes: "none",
  flags: {},
  examples: [["schema >netloom.schema.json", "beside a lab file that names it in its first line"]],
  run: async ({ terminal }) => {
    const { labJsonSchemaText } = await import("../../lab/index.ts");
    terminal.out(labJsonSchemaText());
  },
});
