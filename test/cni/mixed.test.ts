/** Chains of our plugins and the reference's, in both directions, and attachments that one makes and the other removes. */
import { describe, expect, test } from "bun:test";
import { Box } from "./box.ts";
import { Caller, supply } from "./caller.ts";
import type { CallStep, Conf } from "./case.ts";
import { debian, namesIn, noReference, ours, type PluginFolder, reference } from "./plugin-folders.ts";
import { remains } from "./runtimes/scene.ts";

const bridge: Conf = {
  type: "bridge",
  bridge: "br0",
  isGateway: true,
  ipMasq: true,
  ipam: {
    type: "host-local",
    ranges: [[{ subnet: "10.7.0.0/24" }], [{ subnet: "fd07::/64" }]],
    routes: [{ dst: "0.0.0.0/0" }],
  },
};
const portmap: Conf = { type: "portmap", capabilities: { portMappings: true }, snat: true };
const tuning: Conf = { type: "tuning", mtu: 1400, sysctl: { "net.core.somaxconn": "500" } };
const bandwidth: Conf = {
  type: "bandwidth",
  ingressRate: 8_000_000,
  ingressBurst: 8_000_000,
  egressRate: 8_000_000,
  egressBurst: 8_000_000,
};
const firewall: Conf = { type: "firewall", backend: "iptables" };
const whole = [bridge, portmap, bandwidth, tuning, firewall];
const runtimeConfig = { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: "tcp" }] };

interface Mix {
  readonly name: string;
  readonly chain: readonly Conf[];
  /** Ours; the others are the reference's. */
  readonly under: readonly string[];
}

const mixes: readonly Mix[] = [
  { name: "our bridge and host-local + their portmap", chain: [bridge, portmap], under: ["bridge", "host-local"] },
  { name: "their bridge and host-local + our tuning", chain: [bridge, tuning], under: ["tuning"] },
  { name: "our bridge + their host-local", chain: [bridge], under: ["bridge"] },
  { name: "their bridge + our host-local", chain: [bridge], under: ["host-local"] },
  {
    name: "their bridge + our portmap and bandwidth",
    chain: [bridge, portmap, bandwidth],
    under: ["portmap", "bandwidth"],
  },
  { name: "our bridge + everything else theirs", chain: whole, under: ["bridge"] },
  {
    name: "their bridge and host-local + everything else ours",
    chain: whole,
    under: ["portmap", "bandwidth", "tuning", "firewall"],
  },
];

const a: CallStep = { call: "ADD", id: "c1", runtimeConfig };
const b: CallStep = { call: "ADD", id: "c2", netns: "b", runtimeConfig: { portMappings: [] } };
const identities = ["10.7.0.2", "10.7.0.3", "fd07::2", "fd07::3", "c1", "c2"];

/** Two containers made by one set of plugins; `then` may exchange it before they are removed. */
async function live(
  version: string,
  mix: Mix,
  theirs: PluginFolder,
  own: PluginFolder,
  then: (box: Box) => void,
): Promise<void> {
  using box = await Box.open();
  supply(box, own, theirs, mix.under);
  box.sh("ip netns add a; ip netns add b");
  const caller = new Caller(box, version, mix.chain);
  const must = (step: CallStep): void => {
    const failed = caller.call(step).filter(({ code }) => code !== 0);
    expect(failed.map(({ type, stdout, stderr }) => `${step.call} of ${type}: ${stdout}${stderr}`)).toEqual([]);
  };
  must(a);
  must(b);
  expect(box.try(["ip", "netns", "exec", "a", "ping", "-c1", "-W2", "10.7.0.3"]).stdout).toContain(" 0% packet loss");
  expect(box.try(["ip", "netns", "exec", "b", "ping", "-c1", "-W2", "fd07::2"]).stdout).toContain(" 0% packet loss");
  // 1.1.1's portmap compares the rules of one family with the addresses of the other, now and then.
  if (theirs !== debian || mix.under.includes("portmap") || !mix.chain.includes(portmap)) {
    must({ ...a, call: "CHECK" });
    must({ ...b, call: "CHECK" });
  }
  then(box);
  must({ ...a, call: "DEL" });
  must({ ...b, call: "DEL" });
  must({ ...a, call: "DEL" });
  expect(remains(box, identities)).toEqual([]);
}

const releases = [reference, debian].filter((folder) => folder !== undefined);
if (ours === undefined || releases.length === 0) {
  test.skip(`chains of both ${noReference}`, () => {});
} else {
  const own = ours;
  for (const theirs of releases) {
    const versions = theirs === debian ? ["0.4.0", "1.0.0"] : ["0.4.0", "1.0.0", "1.1.0"];
    describe(`with ${theirs.title}`, () => {
      for (const mix of mixes) {
        const lacking = mix.under.filter((name) => !namesIn(own).includes(name));
        if (lacking.length > 0) {
          test.skip(`${mix.name} (netloom has no ${lacking.join(", ")} yet)`, () => {});
          continue;
        }
        // One version after another: the oldest with CHECK, and those that are new.
        for (const version of mix.chain.length < 3 ? versions : versions.slice(-1))
          test(`${mix.name}, ${version}`, () => live(version, mix, theirs, own, () => undefined));
      }

      test("what they made, ours removes", async () => {
        const mix = { name: "", chain: whole, under: [] };
        await live("1.0.0", mix, theirs, own, (box) => supply(box, own, theirs));
      });

      test("what they made, ours removes although its namespace is gone", async () => {
        const mix = { name: "", chain: whole, under: [] };
        await live("1.0.0", mix, theirs, own, (box) => {
          supply(box, own, theirs);
          box.sh(
            "ip netns del a; for i in $(seq 50); do ip -br link show master br0 | grep -c veth | grep -qx 1 && break; sleep .1; done",
          );
        });
      });
    });
  }
}
