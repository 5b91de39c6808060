import { beforeEach, describe, expect, test } from "bun:test";
import { bandwidth } from "../../src/plugins/bandwidth/main.ts";
import { ifbOf, referenceIfbOf } from "../../src/plugins/bandwidth/plan.ts";
import { parseIfName } from "../../src/values/index.ts";
import { PluginHost } from "./plugin-host.ts";

const limits = { ingressRate: 8_000_000, ingressBurst: 8_000_000, egressRate: 16_000_000, egressBurst: 8_000_000 };
const own = { network: "net1", containerId: "c1", ifname: "eth0" };
const ifb = ifbOf(own);

describe("bandwidth's life", () => {
  let host: PluginHost;
  let before: unknown;
  beforeEach(() => {
    host = new PluginHost(limits);
    before = host.picture();
  });
  const links = () =>
    host.kernel
      .facts({ namespaces: ["host"] })
      .get("host")
      ?.links.map((link) => link.name as string) ?? [];

  test("ADD, CHECK, DEL, DEL", async () => {
    const result = await host.call(bandwidth, "ADD");
    expect(result?.interfaces?.map(({ name }) => name)).toEqual(["veth1", "eth0", ifb]);
    expect(host.kernel.queues("host", "veth1")).toMatchObject({
      root: { kind: "tbf", rate: 1_000_000 },
      redirect: ifb,
    });
    await host.call(bandwidth, "CHECK");
    await host.call(bandwidth, "DEL", { chained: true });
    expect(host.picture()).toEqual(before);
    await host.call(bandwidth, "DEL", { chained: true });
  });

  test("without limits it passes the result on; without a result it says so", async () => {
    expect(await host.call(bandwidth, "ADD", { conf: {} })).toBe(host.prev);
    expect(await host.fault(bandwidth, "ADD", { conf: {}, chained: false })).toMatchObject({ code: 7 });
    expect(await host.fault(bandwidth, "ADD", { chained: false })).toMatchObject({ code: 7 });
  });

  test("an ADD that fails leaves nothing, also not where somebody else has an ingress discipline", async () => {
    host.kernel.run([
      { do: "link.add", netns: "host", link: { name: parseIfName("other0"), kind: "ifb" } },
      { do: "redirect.add", netns: "host", dev: parseIfName("veth1"), to: parseIfName("other0") },
    ]);
    const foreign = host.picture();
    expect(await host.fault(bandwidth, "ADD")).toMatchObject({ message: expect.stringContaining("ingress") as string });
    expect(host.picture()).toEqual(foreign);
  });

  test("an interface that is no veth, or whose other end the result does not name", async () => {
    host.kernel.run([{ do: "link.add", netns: "pod", link: { name: parseIfName("net1"), kind: "ifb" } }]);
    expect(await host.fault(bandwidth, "ADD", { ifname: "net1" })).toMatchObject({
      code: 102,
      message: "cannot limit net1: it is not a veth but ifb",
    });
    expect(await host.fault(bandwidth, "ADD", { prevResult: { interfaces: [{ name: "veth9" }] } })).toMatchObject({
      code: 102,
      details: "at prevResult.interfaces: it names veth9 on the host",
    });
    expect(await host.fault(bandwidth, "CHECK", { prevResult: {} })).toMatchObject({ code: 105 });
  });

  test("DEL with the container gone deletes the device, ours and the reference's", async () => {
    await host.call(bandwidth, "ADD");
    host.kernel.run([
      { do: "link.delete", netns: "pod", name: parseIfName("eth0") },
      { do: "link.add", netns: "host", link: { name: referenceIfbOf(own), kind: "ifb" } },
    ]);
    expect(links()).toEqual(["lo", ifb, referenceIfbOf(own)]);
    await host.call(bandwidth, "DEL", { pod: false });
    expect(links()).toEqual(["lo"]);
    await host.call(bandwidth, "DEL", { pod: false });
  });

  test("DEL leaves what the reference made for another interface of the container", async () => {
    const [other, theirs] = [parseIfName("veth2"), referenceIfbOf(own)];
    host.kernel.run([
      {
        do: "link.add",
        netns: "host",
        link: { name: other, kind: "veth", peer: { netns: "pod", name: parseIfName("eth1") } },
        peer: { name: parseIfName("eth1"), kind: "veth", peer: { netns: "host", name: other } },
      },
      { do: "link.add", netns: "host", link: { name: theirs, kind: "ifb" } },
      { do: "redirect.add", netns: "host", dev: other, to: theirs },
    ]);
    await host.call(bandwidth, "ADD");
    await host.call(bandwidth, "DEL", { chained: true });
    await host.call(bandwidth, "DEL", { chained: true, pod: false });
    expect(links()).toContain(theirs);
    expect(host.kernel.queues("host", other)).toMatchObject({ redirect: theirs });
  });

  test("GC deletes what is this network's and not valid", async () => {
    await host.call(bandwidth, "ADD");
    const foreign = referenceIfbOf({ ...own, network: "net2" });
    host.kernel.run([{ do: "link.add", netns: "host", link: { name: foreign, kind: "ifb" } }]);
    await host.call(bandwidth, "GC", {});
    await host.call(bandwidth, "GC", { valid: [{ containerID: "c1", ifname: "eth0" }] });
    await host.call(bandwidth, "GC", { network: "net", valid: [] });
    expect(links()).toContain(ifb);
    await host.call(bandwidth, "GC", { valid: [{ containerID: "c1", ifname: "eth1" }] });
    expect(links()).toEqual(["lo", "veth1", foreign]);
  });

  test("STATUS makes nothing", async () => {
    await host.call(bandwidth, "STATUS");
    expect(host.picture()).toEqual(before);
  });

  test("CHECK finds what was taken away", async () => {
    await host.call(bandwidth, "ADD");
    host.kernel.run([{ do: "qdisc.delete", netns: "host", dev: parseIfName("veth1") }]);
    expect(await host.fault(bandwidth, "CHECK")).toMatchObject({
      code: 105,
      message: expect.stringContaining("veth1") as string,
    });
  });
});
