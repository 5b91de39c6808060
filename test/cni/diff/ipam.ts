import type { Conf } from "../case.ts";

/** Address management as most configurations have it. */
export const v4: Conf = {
  type: "host-local",
  ranges: [[{ subnet: "10.7.0.0/24" }]],
  routes: [{ dst: "0.0.0.0/0" }],
};

export const dual: Conf = {
  type: "host-local",
  ranges: [[{ subnet: "10.7.0.0/24" }], [{ subnet: "fd07::/64" }]],
  routes: [{ dst: "0.0.0.0/0" }, { dst: "::/0" }],
};

export const v6: Conf = { type: "host-local", ranges: [[{ subnet: "fd07::/64" }]], routes: [{ dst: "::/0" }] };

/** A fixed address, and whatever routes. */
export function fixed(addresses: readonly Conf[], routes: readonly Conf[] = []): Conf {
  return { type: "static", addresses, routes };
}
