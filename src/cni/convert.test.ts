import { describe, expect, test } from "bun:test";
import { parseResult, printResult } from "./convert.ts";
import type { Result } from "./result.ts";
import { type SpecVersion, specVersions } from "./version.ts";

/**
 * What the reference's bridge plugin printed for one attachment under each version (containernetworking/plugins v1.9.1, white
 * space removed, MACs shortened to one): text, so that the order of keys counts.
 */
const M = "02:00:00:00:00:01";
const golden: readonly (readonly [readonly SpecVersion[], string])[] = [
  [
    ["0.1.0", "0.2.0"],
    '{"cniVersion":"V","ip4":{"ip":"10.7.0.4/24","gateway":"10.7.0.1","routes":[{"dst":"0.0.0.0/0"}]},"dns":{}}',
  ],
  [
    ["0.3.0", "0.3.1", "0.4.0"],
    `{"cniVersion":"V","interfaces":[{"name":"br9","mac":"${M}"},{"name":"veth27dd2784","mac":"${M}"},` +
      `{"name":"eth0","mac":"${M}","sandbox":"/run/netns/a"}],"ips":[{"version":"4","interface":2,` +
      '"address":"10.7.0.4/24","gateway":"10.7.0.1"}],"routes":[{"dst":"0.0.0.0/0"}],"dns":{}}',
  ],
  [
    ["1.0.0", "1.1.0"],
    `{"cniVersion":"V","interfaces":[{"mac":"${M}","name":"br9"},{"mac":"${M}","name":"veth27dd2784"},` +
      `{"mac":"${M}","name":"eth0","sandbox":"/run/netns/a"}],"ips":[{"address":"10.7.0.4/24","gateway":"10.7.0.1",` +
      '"interface":2}],"routes":[{"dst":"0.0.0.0/0"}]}',
  ],
];
const goldenOf = (version: SpecVersion): string =>
  (golden.find(([versions]) => versions.includes(version))?.[1] ?? "").replace('"V"', `"${version}"`);

const parse = (text: string, fallback: SpecVersion = "1.1.0"): Result => parseResult(JSON.parse(text), fallback);

describe("the reference's results", () => {
  for (const version of specVersions)
    test(`${version}: read and printed again, byte for byte`, () => {
      expect(JSON.stringify(printResult(parse(goldenOf(version)), version))).toBe(goldenOf(version));
    });

  const newest = parse(goldenOf("1.1.0"));
  for (const version of specVersions)
    test(`1.1.0 printed as ${version}`, () => {
      expect(JSON.stringify(printResult(newest, version))).toBe(goldenOf(version));
    });

  test("0.2.0 knows no interfaces, all else comes through", () => {
    expect(JSON.stringify(printResult(parse(goldenOf("0.2.0")), "1.0.0"))).toBe(
      '{"cniVersion":"1.0.0","ips":[{"address":"10.7.0.4/24","gateway":"10.7.0.1"}],"routes":[{"dst":"0.0.0.0/0"}]}',
    );
  });
});

/** One that has everything. */
const full: Result = parse(`{
  "cniVersion": "1.1.0",
  "interfaces": [{"name":"eth0","mac":"${M}","mtu":9000,"sandbox":"/run/netns/a","socketPath":"/run/s","pciID":"0000:00:01.0"}],
  "ips": [{"address":"10.7.0.4/24","interface":0},{"address":"FD08:0::7/64","gateway":"fd08::1","interface":0},{"address":"10.8.0.4/24"}],
  "routes": [{"dst":"10.0.0.0/8","gw":"10.7.0.1","mtu":1400,"advmss":1360,"priority":5,"table":100,"scope":0},{"dst":"::/0"}],
  "dns": {"nameservers":["10.7.0.1"],"domain":"d","search":["s"],"options":["o"]}
}`);

describe("a result that has everything", () => {
  test("1.1.0", () => {
    expect(JSON.stringify(printResult(full, "1.1.0"))).toBe(
      '{"cniVersion":"1.1.0","dns":{"domain":"d","nameservers":["10.7.0.1"],"options":["o"],"search":["s"]},' +
        `"interfaces":[{"mac":"${M}","mtu":9000,"name":"eth0","pciID":"0000:00:01.0","sandbox":"/run/netns/a","socketPath":"/run/s"}],` +
        '"ips":[{"address":"10.7.0.4/24","interface":0},{"address":"fd08::7/64","gateway":"fd08::1","interface":0},{"address":"10.8.0.4/24"}],' +
        '"routes":[{"advmss":1360,"dst":"10.0.0.0/8","gw":"10.7.0.1","mtu":1400,"priority":5,"scope":0,"table":100},{"dst":"::/0"}]}',
    );
  });

  test("0.4.0 says the family, and nothing more of an interface than its name, MAC and sandbox", () => {
    expect(JSON.stringify(printResult(full, "0.4.0"))).toBe(
      `{"cniVersion":"0.4.0","interfaces":[{"name":"eth0","mac":"${M}","sandbox":"/run/netns/a"}],` +
        '"ips":[{"version":"4","interface":0,"address":"10.7.0.4/24"},{"version":"6","interface":0,"address":"fd08::7/64","gateway":"fd08::1"},' +
        '{"version":"4","address":"10.8.0.4/24"}],' +
        '"routes":[{"dst":"10.0.0.0/8","gw":"10.7.0.1","mtu":1400,"advmss":1360,"priority":5,"table":100,"scope":0},{"dst":"::/0"}],' +
        '"dns":{"nameservers":["10.7.0.1"],"domain":"d","search":["s"],"options":["o"]}}',
    );
  });

  test("0.2.0 takes the first address of each family and its routes", () => {
    expect(JSON.stringify(printResult(full, "0.2.0"))).toBe(
      '{"cniVersion":"0.2.0","ip4":{"ip":"10.7.0.4/24","routes":[{"dst":"10.0.0.0/8","gw":"10.7.0.1"}]},' +
        '"ip6":{"ip":"fd08::7/64","gateway":"fd08::1","routes":[{"dst":"::/0"}]},' +
        '"dns":{"nameservers":["10.7.0.1"],"domain":"d","search":["s"],"options":["o"]}}',
    );
  });

  test("routes of a family without an address are dropped by 0.2.0", () => {
    const { ips = [], ...rest } = full;
    expect(printResult({ ...rest, ips: ips.slice(0, 1) }, "0.1.0")).toEqual({
      cniVersion: "0.1.0",
      ip4: { ip: "10.7.0.4/24", routes: [{ dst: "10.0.0.0/8", gw: "10.7.0.1" }] },
      dns: full.dns,
    });
  });
});

describe("an empty result", () => {
  for (const [version, text] of [
    ["0.3.1", '{"cniVersion":"0.3.1","dns":{}}'],
    ["0.4.0", '{"cniVersion":"0.4.0","dns":{}}'],
    ["1.0.0", '{"cniVersion":"1.0.0"}'],
    ["1.1.0", '{"cniVersion":"1.1.0"}'],
  ] as const)
    test(version, () => expect(JSON.stringify(printResult({}, version))).toBe(text));

  test("cannot be said in 0.2.0", () => {
    expect(() => printResult({ interfaces: [{ name: "eth0" }] }, "0.2.0")).toThrow(
      expect.objectContaining({ code: 1, message: "cannot answer in CNI 0.2.0: the result has no address" }),
    );
  });

  test("empty members are absent", () => {
    expect(
      parse('{"cniVersion":"0.4.0","interfaces":[],"ips":null,"routes":[],"dns":{"nameservers":[],"domain":""}}'),
    ).toEqual({});
    expect(parseResult(null, "1.0.0")).toEqual({});
  });
});

describe("reading is lenient about the form", () => {
  test("keys in any case, as Go's runtimes print them", () => {
    expect(
      parse(
        '{"CNIVersion":"0.3.1","Interfaces":[{"Name":"eth0","MAC":"02:AB:00:00:00:01"}],"IPs":[{"Version":"4","Address":"10.0.0.2/8","Interface":0}],"DNS":{"Search":["a"]}}',
      ),
    ).toEqual({
      interfaces: [{ name: "eth0", mac: "02:ab:00:00:00:01" }],
      ips: [{ address: "10.0.0.2/8" as never, interface: 0 }],
      dns: { search: ["a"] },
    });
  });

  test("an own version counts, else the configuration's", () => {
    const old = '{"ip4":{"ip":"10.0.0.2/8"}}';
    expect(parse(old, "0.2.0").ips).toEqual([{ address: "10.0.0.2/8" as never }]);
    expect(parse(old, "1.0.0")).toEqual({});
    expect(parse('{"cniVersion":"0.1.0","ip4":{"ip":"10.0.0.2/8"}}', "1.0.0").ips).toHaveLength(1);
    expect(parse('{"cniVersion":"","ips":[{"address":"10.0.0.2/8"}]}', "0.4.0").ips).toHaveLength(1);
  });

  test("empty gateways and MACs, an IPv4-mapped address, a MAC of InfiniBand", () => {
    const long = "80:00:00:48:fe:80:00:00:00:00:00:00:00:02:c9:03:00:00:00:01";
    expect(
      parse(
        `{"interfaces":[{"name":"ib0","mac":"${long}"},{"name":"x","mac":""}],"ips":[{"address":"::ffff:10.0.0.2/120","gateway":""},{"address":"10.0.0.3/8","gateway":"::ffff:10.0.0.1"}]}`,
      ),
    ).toEqual({
      interfaces: [{ name: "ib0", mac: long }, { name: "x" }],
      ips: [{ address: "10.0.0.2/24" as never }, { address: "10.0.0.3/8" as never, gateway: "10.0.0.1" as never }],
    });
  });
});

describe("and strict about what it means", () => {
  for (const [text, code, message, details] of [
    ['{"cniVersion":"9.9.9"}', 1, 'cannot read a CNI result of version "9.9.9"', "at prevResult.cniVersion: "],
    [
      "[]",
      6,
      "cannot read a CNI result: it is no JSON object",
      "at prevResult: pass on what the plugin before answered",
    ],
    [
      '{"ips":[{"address":"10.0.0.2"}]}',
      7,
      "invalid network configuration: address cannot be read",
      "at prevResult.ips[0].address",
    ],
    [
      '{"ips":[{"gateway":"10.0.0.2"}]}',
      7,
      "invalid network configuration: address is missing",
      "at prevResult.ips[0].address: add it",
    ],
    [
      '{"interfaces":[{}]}',
      7,
      "invalid network configuration: name is missing",
      "at prevResult.interfaces[0].name: add it",
    ],
    [
      '{"routes":[{"dst":"10.0.0.0/8","gw":"x"}]}',
      7,
      "invalid network configuration: gw cannot be read",
      "at prevResult.routes[0].gw",
    ],
    [
      '{"cniVersion":"0.2.0","ip4":{"ip":5}}',
      7,
      "invalid network configuration: ip is 5, not a string",
      "at prevResult.ip4.ip: ",
    ],
  ] as const)
    test(text, () => {
      const read = (): unknown => parseResult(JSON.parse(text), "1.0.0", "prevResult");
      expect(read).toThrow(
        expect.objectContaining({
          code,
          message: expect.stringContaining(message),
          details: expect.stringContaining(details),
        }),
      );
    });
});
