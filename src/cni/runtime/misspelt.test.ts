import { expect, test } from "bun:test";
import { Section } from "../conf.ts";
import { AskedKeys } from "./misspelt.ts";

const asking = async (conf: Record<string, unknown>, ask: (conf: Section) => void): Promise<AskedKeys> => {
  const asked = new AskedKeys();
  await asked.during(async () => ask(new Section(conf)));
  return asked;
};

test("what looks like a key that was asked for and is not there", async () => {
  const conf = { ipMask: true, isgateway: true, color: "red", Name: "n", mtu: 1400, mtuu: 1500 };
  const asked = await asking(conf, (section) => {
    for (const key of ["ipMasq", "isGateway", "names", "mtu"]) section.raw(key);
  });
  expect(asked.misspeltIn(conf)).toEqual([{ path: "ipMask", meant: "ipMasq" }]);
});

test("within objects and lists that somebody looked into", async () => {
  const conf = { ipam: { ranges: [[{ subnett: "10.0.0.0/8" }]] }, other: { subnett: "" } };
  const asked = await asking(conf, (section) =>
    section.object("ipam")?.list("ranges", (set) => new Section((set as [Record<string, unknown>])[0]).raw("subnet")),
  );
  expect(asked.misspeltIn(conf)).toEqual([{ path: "ipam.ranges[0][0].subnett", meant: "subnet" }]);
});

test("what is asked for afterwards does not count", async () => {
  const conf = { mtuu: 1400 };
  const asked = await asking(conf, () => undefined);
  new Section(conf).raw("mtu");
  expect(asked.misspeltIn(conf)).toEqual([]);
});
