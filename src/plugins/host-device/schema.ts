import { type Call, type Dns, Section, invalid } from "../../cni/index.ts";
import type { Mac } from "../../values/index.ts";
import { dnsAt, heldAddresses, ipamAt, isTakingAway, leniently, textAt } from "../_conf.ts";

/** How the device is told. */
export type Device =
  /** Also an alternative one. */
  | { readonly by: "name"; readonly name: string }
  | { readonly by: "mac"; readonly mac: Mac }
  /** Absolute, below `/sys/devices/`. */
  | { readonly by: "path"; readonly path: string }
  | { readonly by: "pci"; readonly address: string }
  /** `runtimeConfig.deviceID`: an address on the PCI or the auxiliary bus. */
  | { readonly by: "id"; readonly id: string };

/** The configuration of host-device (cni.md 2.16). */
export interface HostDeviceConf {
  /** Absent only at DEL and GC. */
  readonly device?: Device;
  readonly ipam?: string;
  readonly dns?: Dns;
}

/** @throws {CniError} 7 */
export function readHostDevice(call: Call): HostDeviceConf {
  const section = new Section(call.conf);
  if (isTakingAway(call)) {
    const device = leniently(() => deviceAt(section), undefined);
    return { ...(device && { device }), ...heldAddresses(call) };
  }
  const device = deviceAt(section);
  if (device === undefined) {
    throw invalid(
      "device",
      "is missing",
      "write one of device, hwaddr, kernelpath and pciBusID, or pass runtimeConfig.deviceID",
    );
  }
  const [ipam, dns] = [ipamAt(section), dnsAt(section)];
  return { device, ...(ipam !== undefined && { ipam }), ...(dns && { dns }) };
}

/** A device ID that the runtime chose comes before all others; then the reference's order. */
function deviceAt(section: Section): Device | undefined {
  const runtime = section.object("runtimeConfig");
  const id = runtime && busAddressAt(runtime, "deviceID");
  if (id !== undefined) return { by: "id", id };
  const name = textAt(section, "device");
  if (name !== undefined) return { by: "name", name };
  const mac = section.mac("hwaddr");
  if (mac !== undefined) return { by: "mac", mac };
  const path = textAt(section, "kernelpath");
  if (path !== undefined) return { by: "path", path: devicePath(section, path) };
  const address = busAddressAt(section, "pciBusID");
  return address === undefined ? undefined : { by: "pci", address };
}

function devicePath(section: Section, path: string): string {
  if (path.startsWith("/sys/devices/") && !path.split("/").includes("..")) return path;
  throw invalid(section.at("kernelpath"), `is ${JSON.stringify(path)}`, "write an absolute path below /sys/devices/");
}

/** It becomes part of a path. */
function busAddressAt(section: Section, key: string): string | undefined {
  const text = textAt(section, key);
  if (text === undefined || /^[A-Za-z0-9_:-][A-Za-z0-9_.:-]*$/.test(text)) return text;
  throw invalid(section.at(key), `is ${JSON.stringify(text)}`, "write an address on the bus, such as 0000:00:1f.6");
}
