import { XclusterError } from "./error.ts";

/** What an interface's name may have: the pod's end on the node is named like the pod (IFNAMSIZ without its final zero). */
export const LONGEST_NAME = 15;

/** The name of a pod: `vm-001-ns03`; numbers above 99 just get wider. */
export function podName(namePrefix: string | undefined, hostname: string, number: number): string {
  return `${namePrefix ?? ""}${hostname}-ns${String(number).padStart(2, "0")}`;
}

/** Which pods of a node are meant. */
export interface PodRange {
  readonly namePrefix?: string | undefined;
  readonly hostname: string;
  readonly count: number;
  /** The number of the first. */
  readonly first: number;
}

/** The names of some pods of a node, all of which an interface can have. @throws {XclusterError} `bad-name` */
export function podNames({ namePrefix, hostname, count, first }: PodRange): readonly string[] {
  const names: string[] = [];
  for (let at = 0; at < count; at++) names.push(podName(namePrefix, hostname, first + at));
  const wrong = names.find((name) => new TextEncoder().encode(name).length > LONGEST_NAME);
  if (wrong !== undefined) {
    const room = LONGEST_NAME - podName("", hostname, first + count - 1).length;
    throw new XclusterError(
      "bad-name",
      `${wrong} is too long for a pod: its interface is named like it, and names of interfaces have at most ${LONGEST_NAME} characters`,
      room < 0 ? `${hostname} is too long a host name for pods` : `NAME_PREFIX may have ${room} characters here`,
    );
  }
  return names;
}

/** What a pod's name says. */
export interface PodNumbers {
  /** The text before, such as `br2-`; a pod that has one is on an isolated bridge. */
  readonly prefix: string;
  readonly node: number;
  readonly pod: number;
}

/** Reads a pod's name, of any node. @throws {XclusterError} `bad-name` */
export function parsePodName(name: string): PodNumbers {
  const [, prefix = "", node, pod] = /^(.*?)vm-([0-9]{1,9})-ns([0-9]{1,9})$/.exec(name) ?? [];
  if (node === undefined || pod === undefined) {
    throw new XclusterError(
      "bad-name",
      `"${name}" is no pod's name`,
      "pods are named like vm-002-ns03, or br2-vm-002-ns03",
    );
  }
  return { prefix, node: Number(node), pod: Number(pod) };
}
