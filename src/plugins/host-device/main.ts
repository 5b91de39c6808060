import type { LinkFact } from "../../change/index.ts";
import {
  type Call,
  CniError,
  HOST,
  POD,
  type Plugin,
  type Result,
  type Work,
  codes,
  specVersions,
} from "../../cni/index.ts";
import { type IfName, tryIfName } from "../../values/index.ts";
import { freeIfName, loopbackWithout6, placed, planInterface, upOp } from "../_interface.ts";
import { addressesOf, attach } from "../_ipam.ts";
import { interfaceOf } from "../_link.ts";
import { type Release, releaseAddresses, releaseAll, releaseAttached } from "../_release.ts";
import { findDevice, isForPrograms } from "./find.ts";
import { planMoveIn, planMoveOut } from "./plan.ts";
import { type Device, type HostDeviceConf, readHostDevice } from "./schema.ts";

/** Lends a device of the host to a container. */
export const hostDevice: Plugin<HostDeviceConf> = {
  name: "host-device",
  about: "lends an interface of the host to a container",
  versions: specVersions,

  parse: readHostDevice,
  add,

  async del(conf, call, work) {
    await releaseAll(call, releaseAttached(releaseDevice(conf.device, call, work), conf.ipam, call, work));
  },

  async check({ device, ipam }, call, work) {
    const { checkSingle } = await import("../_check-single.ts");
    if (device === undefined || !isForPrograms(device)) await checkSingle(call, work, ipam, undefined);
    else if (ipam !== undefined) await work.delegate(ipam, "CHECK");
  },

  async status({ ipam }, _call, work) {
    const { needAddresses } = await import("../_ready.ts");
    await needAddresses(work, ipam);
  },

  gc: ({ ipam }, call, work) => releaseAll(call, releaseAddresses(ipam, call, work)),
};

async function add({ device, ipam, dns }: HostDeviceConf, call: Call, work: Work): Promise<Result> {
  const pod = freeIfName(call, work);
  const found = device && findDevice(device, work);
  if (found === undefined) return addForPrograms(ipam, call, work, dns);
  const given = await attach(
    call,
    work,
    ipam,
    () => planMoveIn(found, pod),
    (result) =>
      result === undefined
        ? [upOp(pod)]
        : planInterface({
            ifname: pod,
            ips: placed(result.ips, 0),
            routes: result.routes ?? [],
            announce: true,
            loopbackWithout6: loopbackWithout6(work, result),
          }),
  );
  const link = work.kernel.link(POD, pod);
  if (link === undefined) throw new CniError(codes.missing, `cannot ADD: somebody took ${pod} out of the container`);
  return {
    interfaces: [interfaceOf(link, call.netns)],
    ...(given && { ips: placed(given.ips, 0), routes: given.routes ?? [], ...(dns && { dns }) }),
  };
}

/** A device that a program drives has no interface to be moved: the program is told its addresses. */
async function addForPrograms(
  ipam: string | undefined,
  { ifname, netns }: Call,
  work: Work,
  dns: HostDeviceConf["dns"],
): Promise<Result> {
  const interfaces = [{ name: ifname, sandbox: netns }];
  if (ipam === undefined) return { interfaces };
  const { ips, routes = [] } = await addressesOf(work, ipam);
  return { interfaces, ips: placed(ips, 0), routes, ...(dns && { dns }) };
}

/** When the container is gone, the kernel has taken the device back. */
function releaseDevice(device: Device | undefined, { ifname }: Call, work: Work): Release {
  return {
    what: `interface ${ifname}`,
    do() {
      const link = work.pod ? work.kernel.link(POD, ifname) : undefined;
      const name = link && hostName(link, device, ifname, work);
      if (link !== undefined && name !== undefined) work.kernel.run(planMoveOut(link, name));
    },
  };
}

/**
 * The name that an interface of a container had on the host; nothing if it is none of the host's: an ADD that was refused for its
 * name leaves what has the name. Alternative names, by one of which it may have been asked for, go with it.
 * @throws {CniError} 102 when nobody says
 */
function hostName(
  { alias, altNames = [] }: LinkFact,
  device: Device | undefined,
  ifname: string,
  work: Work,
): IfName | undefined {
  const wanted = device?.by === "name" ? device.name : undefined;
  const told = alias === undefined ? undefined : tryIfName(alias);
  if (told !== undefined && (wanted === undefined || told === wanted || altNames.includes(wanted))) return told;
  if (wanted !== undefined && work.kernel.link(HOST, wanted) !== undefined) return undefined;
  throw new CniError(
    codes.missing,
    "it has no alias that tells its name on the host",
    `set it: ip link set ${ifname} alias NAME (in the container's namespace)`,
  );
}
