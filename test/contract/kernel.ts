import { afterEach, beforeEach, describe } from "bun:test";
import type { Kernel } from "../../src/kernel/index.ts";
import { bridgesContract } from "./kernel/bridges.ts";
import { linksContract } from "./kernel/links.ts";
import { lossesContract } from "./kernel/losses.ts";
import { namespacesContract } from "./kernel/namespaces.ts";
import { refusalsContract } from "./kernel/refusals.ts";
import { routesContract } from "./kernel/routes.ts";
import { Scene } from "./kernel/scene.ts";
import { trafficContract } from "./kernel/traffic.ts";
import { tunnelsContract } from "./kernel/tunnels.ts";

const themes = [
  namespacesContract,
  linksContract,
  bridgesContract,
  tunnelsContract,
  routesContract,
  trafficContract,
  lossesContract,
  refusalsContract,
];

/**
 * What every kernel must do. The one in memory is believed because the real one passes the same. Namespaces of the suite are
 * called `nlc-…`; link kinds are those of a small kernel: veth, bridge, vxlan, macvlan, ifb.
 */
export function kernelContract(name: string, makeKernel: () => Kernel): void {
  describe(`${name} keeps the kernel contract:`, () => {
    const scene = new Scene(makeKernel);
    beforeEach(() => scene.begin());
    afterEach(() => scene.end());
    for (const contract of themes) contract(scene);
  });
}
