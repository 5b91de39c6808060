import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPlugin } from "./call.ts";

const folder = mkdtempSync(join(tmpdir(), "netloom-call-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function script(body: string, mode = 0o755): string {
  const file = join(folder, `plugin${count++}`);
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode });
  return file;
}
const run = (file: string) => execPlugin({ file, variables: { CNI_COMMAND: "ADD" }, stdin: "{}" });

test("a process has this one's variables and the call's, and its input", async () => {
  process.env["NETLOOM_CALL_TEST"] = "yes";
  expect(await run(script('cat; echo " $CNI_COMMAND $NETLOOM_CALL_TEST"; echo careful >&2; exit 3'))).toEqual({
    code: 3,
    stdout: "{} ADD yes\n",
    stderr: "careful\n",
  });
  delete process.env["NETLOOM_CALL_TEST"];
  expect((await run(script("kill -9 $$"))).code).toBe(137);
});

test("one that is just being replaced is waited for", async () => {
  const file = script("echo done");
  const writer = Bun.spawn(["sh", "-c", `exec 9>>${file}; echo open; sleep 0.3`], { stdout: "pipe" });
  await writer.stdout.getReader().read();
  expect(await run(file)).toMatchObject({ code: 0, stdout: "done\n" });
});

test("one that may not be executed says how to mend it", async () => {
  const file = script("true", 0o644);
  const error: unknown = await run(file).catch((one: unknown) => one);
  expect(error).toMatchObject({
    code: 102,
    message: `cannot run ${file}: it is not executable`,
    details: `chmod +x ${file}`,
  });
});
