/** Puts and deletes the rules of some owners in the calling process's namespace: `_owners.ts FIRST COUNT ROUNDS`. */
import { RealKernel } from "../../src/kernel/index.ts";
import { masqueradeDelete, masqueradePut } from "../../src/plugins/_masquerade.ts";
import { parsePrefix } from "../../src/values/index.ts";

const [first = 0, count = 0, rounds = 0] = process.argv.slice(2).map(Number);
using kernel = new RealKernel({ places: { host: "" } });
for (let round = 0; round < rounds; round++) {
  for (let i = first; i < first + count; i++) {
    const identity = { network: "net", containerId: `c${i}`, ifname: "eth0" };
    kernel.run([masqueradePut("host", identity, [parsePrefix(`10.9.${i >> 8}.${i & 255}/16`)])]);
    const missing = kernel.missingRules(masqueradePut("host", identity, [parsePrefix(`10.9.${i >> 8}.${i & 255}/16`)]));
    if (missing.length > 0) throw new Error(`owner ${i}, round ${round}: ${missing.join("; ")}`);
    kernel.run([masqueradeDelete("host", identity)]);
  }
}
