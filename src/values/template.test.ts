import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { ValueError } from "./error.ts";
import { ipFromBigInt, ipToBigInt, parseIp } from "./ip.ts";
import { makePrefix, prefixIp, prefixLength } from "./prefix.ts";
import { embedTemplate, parseTemplate, templateNet, templatePrefix, templateRoom, templateSlots } from "./template.ts";
import type { AddressTemplate } from "./template.ts";

const shared = `${import.meta.dir}/../../test/golden/data`;

describe("slots", () => {
  test.each([
    ["172.16.0.0/16/24", 2, 3, "172.16.2.3/24"],
    ["172.16.5.7/16/24", 2, 3, "172.16.2.3/24"],
    ["fd00:1::/48/64", 5, 6, "fd00:1:0:5::6/64"],
    ["fd00:1::/48/64", 65535, Number.MAX_SAFE_INTEGER, "fd00:1:0:ffff:1f:ffff:ffff:ffff/64"],
    ["10.0.0.0/24/24", 0, 255, "10.0.0.255/24"],
    ["128.0.0.0/1/32", 2 ** 31 - 1, 0, "255.255.255.255/32"],
  ])("%s net %d host %d is %s", (text, net, host, address) => {
    expect<string>(templatePrefix(parseTemplate(text), net, host)).toBe(address);
  });

  test.each([
    [256, 0, "net-too-large", "net 256 does not fit: 172.16.0.0/16/24 has 8 net bits, 0-255"],
    [0, 256, "host-too-large", "host 256 does not fit: 172.16.0.0/16/24 has 8 host bits, 0-255"],
    [256, 256, "net-too-large", "net 256"],
    [-1, 0, "net-too-large", "net -1"],
    [0, 1.5, "host-too-large", "host 1.5"],
  ])("net %d host %d is refused: %s", (net, host, code, message) => {
    const template = parseTemplate("172.16.0.0/16/24");
    expect(() => templatePrefix(template, net, host)).toThrow(expect.objectContaining({ code }));
    expect(() => templatePrefix(template, net, host)).toThrow(message);
  });

  test("limits of zero-width and wide slots are named", () => {
    expect(() => templatePrefix(parseTemplate("10.0.0.0/24/24"), 1, 0)).toThrow("0 net bits, only 0");
    expect(() => templatePrefix(parseTemplate("fd00::/48/64"), 0, 2 ** 60)).toThrow("0-2^64-1");
  });

  test("a net is host 0", () => {
    expect<string>(templateNet(parseTemplate("10.1.0.0/19/27"), 5)).toBe("10.1.0.160/27");
  });

  test("net and host can be read back from the address", () => {
    fc.assert(
      fc.property(anySlots, ({ template, net, host }) => {
        const prefix = templatePrefix(template, net, host);
        const hostBits = BigInt((template.family === 4 ? 32 : 128) - template.inner);
        const offset = ipToBigInt(prefixIp(prefix)) - ipToBigInt(template.base);
        expect(prefixLength(prefix)).toBe(template.inner);
        expect(offset >> hostBits).toBe(BigInt(net));
        expect(offset % (1n << hostBits)).toBe(BigInt(host));
      }),
    );
  });
});

describe("the other way", () => {
  test.each([
    ["172.16.0.0/16/24", "172.16.2.3", 2n, 3n],
    ["172.16.0.0/16/24", "172.16.255.0", 255n, 0n],
    ["10.0.0.0/24/24", "10.0.0.9", 0n, 9n],
    ["fd00::/16/64", "fd00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 2n ** 48n - 1n, 2n ** 64n - 1n],
    ["1000::1:0:0/112/120", "1000::1:0:203", 2n, 3n],
  ])("of %s, %s is net %d, host %d", (text, address, net, host) => {
    expect(templateSlots(parseTemplate(text), parseIp(address))).toEqual({ net, host });
  });

  test.each([
    ["172.16.0.0/16/24", "172.17.0.0"],
    ["172.16.0.0/16/24", "::ffff:172.16.2.3"],
    ["1000::1:0:0/112/120", "1000::2:0:203"],
  ])("%s has no %s", (text, address) => {
    expect(templateSlots(parseTemplate(text), parseIp(address))).toBeUndefined();
  });

  test("finding undoes making, for slots of any width", () => {
    fc.assert(
      fc.property(
        anyTemplate,
        fc.bigInt({ min: 0n, max: 2n ** 128n }),
        fc.bigInt({ min: 0n, max: 2n ** 128n }),
        (template, a, b) => {
          const room = templateRoom(template);
          const [net, host] = [a % room.net, b % room.host];
          expect(templateSlots(template, prefixIp(templatePrefix(template, net, host)))).toEqual({ net, host });
        },
      ),
    );
  });

  test("making undoes finding", () => {
    fc.assert(
      fc.property(anyTemplate, fc.bigInt({ min: 0n, max: 2n ** 128n }), (template, n) => {
        const room = templateRoom(template);
        const ip = ipFromBigInt(template.family, ipToBigInt(template.base) + (n % (room.net * room.host)));
        const { net = -1n, host = -1n } = templateSlots(template, ip) ?? {};
        expect(prefixIp(templatePrefix(template, net, host))).toBe(ip);
      }),
    );
  });

  test("there is room for what fits, and no more", () => {
    expect(templateRoom(parseTemplate("172.16.0.0/12/20"))).toEqual({ net: 256n, host: 4096n });
    expect(templateRoom(parseTemplate("fd00::/48/64"))).toEqual({ net: 65536n, host: 2n ** 64n });
    const wide = parseTemplate("fd00::/8/64");
    expect<string>(templatePrefix(wide, 2n ** 56n - 1n, 1n)).toBe("fdff:ffff:ffff:ffff::1/64");
    expect(() => templatePrefix(wide, 2n ** 56n, 0)).toThrow("56 net bits, 0-2^56-1");
  });
});

describe("text", () => {
  test("the base is net 0, host 0", () => {
    expect(parseTemplate("172.16.5.7/16/24")).toEqual({
      text: "172.16.5.7/16/24",
      family: 4,
      base: parseIp("172.16.0.0"),
      outer: 16,
      inner: 24,
    });
  });

  test.each([
    ["", "two lengths"],
    ["10.0.0.0/8", "two lengths"],
    ["10.0.0.0/8/16/24", "two lengths"],
    ["10.0.0/8/16", "not an IP address"],
    ["10.0.0.0/16/8", "from 1 to 32"],
    ["10.0.0.0/0/8", "from 1 to 32"],
    ["10.0.0.0/8/33", "from 1 to 32"],
    ["10.0.0.0/08/16", "leading zeros"],
    ["10.0.0.0/0x8/16", "decimal"],
    ["fd00::/64/129", "from 1 to 128"],
  ])("%p is refused: %s", (text, hint) => {
    expect(() => parseTemplate(text)).toThrow(expect.objectContaining({ code: "bad-template", text }));
    expect(() => parseTemplate(text)).toThrow(hint);
  });
});

describe("embedding", () => {
  const v4 = parseTemplate("172.16.0.0/16/24");

  test("the text of an embedded template reads as the same template", () => {
    const { embed, ...template } = embedTemplate("1000::1:0.0.0.0", v4);
    expect(template).toEqual(parseTemplate("1000::1:ac10:0/112/120"));
    expect(embed).toBe(parseIp("1000::1:0:0"));
  });

  test("only IPv4 goes into only IPv6", () => {
    expect(() => embedTemplate("10.0.0.0", v4)).toThrow(expect.objectContaining({ code: "bad-template" }));
    expect(() => embedTemplate("1000::/96", v4)).toThrow("without a length");
    expect(() => embedTemplate("1000::", parseTemplate("fd00::/48/64"))).toThrow("only an IPv4 template");
  });
});

interface GoldenCase {
  readonly args: readonly string[];
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs of the original `ipu makeip`. Left out are cases about its command line (separate values, abbreviations,
 * repeated options, `--`, positionals), about C's number parsing (`0x10`, `010`, ` 2`, `2x`, `-0`, overflow), templates that it
 * accepts without exactly two lengths (it reads one as two and ignores a third), values of --subnet other than 1 and 2,
 * its limit of 52 characters, and its limit of IPv6 templates to /97, which netloom lifts.
 */
test("golden: ipu makeip", async () => {
  const cases = await readJson<readonly GoldenCase[]>("ipu-golden.json");
  let ran = 0;
  for (const golden of cases) {
    const options = strictOptions(golden);
    if (options === undefined) continue;
    ran++;
    const expected = golden.exit === 0 ? golden.stdout.trim() : refusal(golden.stderr);
    expect({ args: golden.args, result: attempt(() => makeip(options)) }).toEqual({
      args: golden.args,
      result: expected,
    });
  }
  expect(ran).toBe(102);
});

/**
 * Runs of the original `netns_test compute_address`. Left out are a name that is no pod's, which upstream takes for net
 * 0, host 0, and an option before the command, which is a usage error.
 */
test("golden: netns_test compute_address", async () => {
  const { cases } = await readJson<{ readonly cases: readonly ComputeCase[] }>("netns-address-golden.json");
  let ran = 0;
  for (const { args, env, stdout } of cases) {
    const [command, ...rest] = args;
    const [, net, host] = /^vm-0*(\d+)-ns0*(\d+)$/.exec(rest.at(-1) ?? "") ?? [];
    if (command !== "compute_address" || net === undefined || host === undefined) continue;
    ran++;
    const v4 = () => parseTemplate(env["ADRTEMPLATE"] ?? "172.16.0.0/16/24");
    const v6 = () => embedTemplate(`${env["PREFIX"] ?? "1000::1"}:0.0.0.0`, v4());
    const families = rest[0] === "--family=4" ? [v4] : rest[0] === "--family=6" ? [v6] : [v4, v6];
    const printed = families.map((template) => attempt(() => templatePrefix(template(), Number(net), Number(host))));
    expect({ args, printed: printed.filter((text) => !isCode(text)) }).toEqual({
      args,
      printed: stdout.split("\n").slice(0, -1),
    });
  }
  expect(ran).toBe(14);
});

interface ComputeCase extends GoldenCase {
  readonly env: Readonly<Record<string, string>>;
}

interface MakeipOptions {
  readonly cidr: string;
  readonly net: number;
  readonly host: number;
  readonly subnet: string | undefined;
  readonly ipv6template: string | undefined;
}

/** The options of a case that a strict reader understands the same way, see the test. */
function strictOptions({ args: [command, ...words], stderr }: GoldenCase): MakeipOptions | undefined {
  const pairs = words.map((word) => /^--(cidr|net|host|subnet|ipv6template)=(.*)$/s.exec(word)?.slice(1));
  if (command !== "makeip" || pairs.includes(undefined)) return undefined;
  const options = new Map(pairs.map((pair) => [pair?.[0], pair?.[1] ?? ""]));
  const {
    cidr = "",
    net = "0",
    host = "0",
    subnet,
    ipv6template,
  } = Object.fromEntries(options) as Record<string, string | undefined>;
  const strict =
    options.size === pairs.length &&
    (/^[^/]*\/(0|[1-9]\d{0,2})\/(0|[1-9]\d{0,2})$/.test(cidr) || stderr.startsWith("Invalid cidr")) &&
    cidr.length <= 52 &&
    [net, host].every((text) => /^(0|[1-9]\d*)$/.test(text) && Number(text) < 2 ** 31) &&
    (subnet === undefined || subnet === "1" || subnet === "2") &&
    !stderr.startsWith("Can only handle /97");
  return strict ? { cidr, net: Number(net), host: Number(host), subnet, ipv6template } : undefined;
}

/** What `ipu makeip` prints, made from the functions under test. */
function makeip({ cidr, net, host, subnet, ipv6template }: MakeipOptions): string {
  const plain = parseTemplate(cidr);
  const template: AddressTemplate = ipv6template === undefined ? plain : embedTemplate(ipv6template, plain);
  const prefix = templatePrefix(template, net, host);
  if (subnet === undefined) return prefixIp(prefix);
  return subnet === "1" ? makePrefix(prefixIp(prefix), template.outer) : prefix;
}

/** The error code that stands for ipu's sentence. */
function refusal(stderr: string): string {
  if (stderr.startsWith("Net too large")) return "net-too-large";
  if (stderr.startsWith("Host too large")) return "host-too-large";
  return "bad-template";
}

function isCode(result: string): boolean {
  return /^[a-z-]+$/.test(result);
}

/** The result, or the code of the {@link ValueError} thrown instead. */
function attempt(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof ValueError) return error.code;
    throw error;
  }
}

async function readJson<Shape>(file: string): Promise<Shape> {
  return (await Bun.file(`${shared}/${file}`).json()) as Shape;
}

/** A template of either family. */
const anyTemplate = fc
  .constantFrom<[string, number]>(["10.0.0.0", 32], ["fd00:1:2:3:4:5:6:7", 128])
  .chain(([address, bits]) =>
    fc
      .tuple(fc.integer({ min: 1, max: bits }), fc.integer({ min: 1, max: bits }))
      .map(([a, b]) => parseTemplate(`${address}/${Math.min(a, b)}/${Math.max(a, b)}`)),
  );

/** A template of either family with numbers that fit its slots. */
const anySlots = anyTemplate.chain((template) =>
  fc.record({
    template: fc.constant(template),
    net: slotNumber(template.inner - template.outer),
    host: slotNumber((template.family === 4 ? 32 : 128) - template.inner),
  }),
);

function slotNumber(bits: number): fc.Arbitrary<number> {
  return fc.maxSafeNat().map((n) => n % Math.min(2 ** bits, Number.MAX_SAFE_INTEGER));
}
