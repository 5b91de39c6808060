import { afterEach, expect, test } from "bun:test";
import { stateRoot } from "../lab/index.ts";
import { stateRootOf } from "./state-root.ts";

const variables = ["NETLOOM_STATE_DIR", "XDG_RUNTIME_DIR"] as const;
const before = variables.map((name) => process.env[name]);
afterEach(() => {
  variables.forEach((name, at) => {
    const value = before[at];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  });
});

test("exec looks where labs are", () => {
  for (const [state, runtime] of [
    ["/x", ""],
    ["", "/run/user/7"],
    ["", ""],
  ] as const) {
    process.env["NETLOOM_STATE_DIR"] = state;
    process.env["XDG_RUNTIME_DIR"] = runtime;
    const uid = process.geteuid?.() ?? 0;
    expect(stateRootOf(process.env, uid)).toBe(stateRoot());
  }
});

test("ordinary users have places of their own", () => {
  expect(stateRootOf({ XDG_RUNTIME_DIR: "/run/user/7" }, 7)).toBe("/run/user/7/netloom");
  expect(stateRootOf({}, 7)).toBe("/tmp/netloom-7");
});
