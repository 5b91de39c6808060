import type { LinkFact } from "../../change/index.ts";
import { CniError, HOST, type Work, codes } from "../../cni/index.ts";
import { identity, listDir } from "../../sys/index.ts";
import type { Device } from "./schema.ts";

const PCI = "/sys/bus/pci/devices";
const AUXILIARY = "/sys/bus/auxiliary/devices";
/** Drivers that give a device to a program (DPDK): the kernel has no interface of it. */
const userspaceDrivers = ["vfio-pci", "uio_pci_generic", "igb_uio"];

/** The host's interface; `undefined` where the device is given to a program. @throws {CniError} 102 */
export function findDevice(device: Device, work: Work): LinkFact | undefined {
  if (isForPrograms(device)) return undefined;
  const link = device.by === "mac" ? byMac(device.mac, work) : byName(nameOf(device), work);
  if (link !== undefined) return link;
  throw new CniError(
    codes.missing,
    `cannot ADD: the host has no interface ${told(device)}`,
    `at ${keys[device.by]}: it may be in another container`,
  );
}

const keys = {
  name: "device",
  mac: "hwaddr",
  path: "kernelpath",
  pci: "pciBusID",
  id: "runtimeConfig.deviceID",
} as const;

function told(device: Device): string {
  switch (device.by) {
    case "name":
      return device.name;
    case "mac":
      return `with the MAC address ${device.mac}`;
    case "path":
      return `at ${device.path}`;
    case "pci":
      return `of the PCI device ${device.address}`;
    case "id":
      return `of the device ${device.id}`;
    default:
      return device satisfies never;
  }
}

/** Whether it is a PCI device that a driver of {@link userspaceDrivers} has. */
export function isForPrograms(device: Device): boolean {
  const address = device.by === "pci" ? device.address : device.by === "id" ? device.id : undefined;
  if (address === undefined) return false;
  return userspaceDrivers.some((driver) => identity(`/sys/bus/pci/drivers/${driver}/${address}`) !== undefined);
}

function byMac(mac: string, { kernel }: Work): LinkFact | undefined {
  const links = kernel.facts({ namespaces: [HOST], depth: "links" }).get(HOST)?.links ?? [];
  return links.find((link) => link.mac === mac);
}

function byName(name: string | undefined, { kernel }: Work): LinkFact | undefined {
  return name === undefined ? undefined : kernel.link(HOST, name);
}

function nameOf(device: Exclude<Device, { readonly by: "mac" }>): string | undefined {
  switch (device.by) {
    case "name":
      return device.name;
    case "path":
      return firstIn(device.path);
    case "pci":
      return ofPci(device.address);
    case "id":
      return ofPci(device.id) ?? firstIn(`${AUXILIARY}/${device.id}`);
    default:
      return device satisfies never;
  }
}

/** A virtio device has its interface one level below. */
function ofPci(address: string): string | undefined {
  const path = `${PCI}/${address}`;
  const virtio = listDir(path).find((entry) => entry.startsWith("virtio"));
  return firstIn(path) ?? (virtio === undefined ? undefined : firstIn(`${path}/${virtio}`));
}

function firstIn(path: string): string | undefined {
  return listDir(`${path}/net`).toSorted()[0];
}
