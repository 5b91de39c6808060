import { expect, test } from "bun:test";
import { parsePlugin } from "./list.ts";
import { type Insertion, requestConfig } from "./request.ts";

const network = { name: "n1", cniVersion: "1.0.0" };
const request = (text: string, insertion?: Insertion) =>
  requestConfig(network, parsePlugin(text, "plugins[0]"), insertion);

test("name and version are the list's; the rest stays as it was written", () => {
  expect(request('{"type":"a","Name":"own","z": 12345678901234567890,"cniversion":"0.3.0","a":[1.0, {"k":"v"}]}')).toBe(
    '{"type":"a","name":"n1","z":12345678901234567890,"cniVersion":"1.0.0","a":[1.0, {"k":"v"}]}',
  );
});

test("a plugin gets the capabilities it declares, and not the declaration", () => {
  const text = '{"type":"a","capabilities":{"portMappings":true,"ips":false,"mac":true}}';
  const capabilityArgs = { portMappings: [{ hostPort: 80 }], ips: ["10.0.0.1"], aliases: [] };
  expect(request(text, { capabilityArgs })).toBe(
    '{"type":"a","cniVersion":"1.0.0","name":"n1","runtimeConfig":{"portMappings":[{"hostPort":80}]}}',
  );
  expect(request(text)).toBe('{"type":"a","cniVersion":"1.0.0","name":"n1"}');
});

test("runtimeConfig is replaced as a whole, but only when there is something for it", () => {
  const text = '{"type":"a","capabilities":{"mac":true},"runtimeConfig":{"own":1}}';
  expect(request(text)).toContain('"runtimeConfig":{"own":1}');
  expect(request(text, { capabilityArgs: { mac: "02:00:00:00:00:01" } })).toContain(
    '"runtimeConfig":{"mac":"02:00:00:00:00:01"}',
  );
});

test("the first plugin of a chain gets no prevResult, also when the file has one", () => {
  const text = '{"type":"a","prevResult":{"cniVersion":"1.0.0"}}';
  expect(request(text)).not.toContain("prevResult");
  expect(request(text, { prevResult: '{"ips":[]}' })).toContain('"prevResult":{"ips":[]}');
});

test("GC's valid attachments have both keys, also when there are none", () => {
  const keys = Object.entries(JSON.parse(request('{"type":"a"}', { valid: [] })) as object);
  expect(keys).toContainEqual(["cni.dev/valid-attachments", []]);
  expect(keys).toContainEqual(["cni.dev/attachments", []]);
  expect(request('{"type":"a"}')).not.toContain("cni.dev");
});
