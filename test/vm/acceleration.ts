/** What qemu can run the machine's instructions by. */
import { accessSync, constants, readFileSync } from "node:fs";

export type Acceleration = "kvm" | "tcg";

/**
 * The ways to try, the best first. KVM needs a processor with the extension and a device that opens; even then it may hang
 * (a device in software), so that whoever tries it gives up soon.
 */
export function accelerations(): readonly Acceleration[] {
  const able = /^flags\s*:.*\b(?:vmx|svm)\b/m.test(readFileSync("/proc/cpuinfo", "utf8"));
  if (!able) return ["tcg"];
  try {
    accessSync("/dev/kvm", constants.R_OK | constants.W_OK);
  } catch {
    return ["tcg"]; // this user may not, or there is none
  }
  return ["kvm", "tcg"];
}
