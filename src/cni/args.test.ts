import { expect, test } from "bun:test";
import { parseArgs } from "./args.ts";
import { CniError } from "./error.ts";

test("pairs of known keys; the last of two wins", () => {
  expect(parseArgs("", ["IP"])).toEqual({});
  expect(parseArgs("IP=10.0.0.1;GATEWAY=10.0.0.254;IP=10.0.0.2", ["IP", "GATEWAY"])).toEqual({
    IP: "10.0.0.2",
    GATEWAY: "10.0.0.254",
  });
  expect(parseArgs("IP=", ["IP"])).toEqual({ IP: "" });
});

test("what podman and the CRI send", () => {
  const args = parseArgs("IgnoreUnknown=1;K8S_POD_NAME=c2;MAC=02:11:22:33:44:55;IP=10.91.0.77", ["IP", "MAC"]);
  expect([args["IP"], args["MAC"]]).toEqual(["10.91.0.77", "02:11:22:33:44:55"]);
  expect(parseArgs("K8S_POD_NAMESPACE=default;IgnoreUnknown=true", [])["IgnoreUnknown"]).toBe("true");
});

for (const [args, said] of [
  ["FOO=BAR", "cannot use CNI_ARGS: unknown FOO=BAR"],
  ["ip=10.0.0.1", "cannot use CNI_ARGS: unknown ip=10.0.0.1"],
  ["FOO=BAR;IgnoreUnknown=0", "cannot use CNI_ARGS: unknown FOO=BAR"],
  ["IP=1;", 'cannot read CNI_ARGS: "" is no pair'],
  ["IP", 'cannot read CNI_ARGS: "IP" is no pair'],
  ["IP=a=b", 'cannot read CNI_ARGS: "IP=a=b" is no pair'],
  ["IgnoreUnknown=yes;A=1", 'cannot read CNI_ARGS: IgnoreUnknown is "yes"'],
] as const)
  test(`refuses ${args}`, () => {
    expect(() => parseArgs(args, ["IP"])).toThrow(expect.objectContaining({ name: "CniError", code: 4 }));
    expect(() => parseArgs(args, ["IP"])).toThrow(new CniError(4, said));
  });
