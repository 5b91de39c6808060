import { linkTrials, qdiscTrials } from "./devices.ts";
import type { Finding, Verdict } from "./finding.ts";
import type { Outcome, Outcomes } from "./scratch.ts";

/** What the trials say about the kernel. */
export function featureFindings(outcomes: Outcomes, needed: ReadonlySet<string>): readonly Finding[] {
  const links = linkTrials.map(({ id, option, module }) =>
    finding(`link.${id}`, "links", id, { option, module }, outcomes, needed),
  );
  const qdiscs = qdiscTrials.map(({ options, option, module }) =>
    finding(`qdisc.${options.kind}`, "queueing", options.kind, { option, module }, outcomes, needed),
  );
  const encap = { option: "CONFIG_LWTUNNEL", module: undefined };
  const filtering = { option: "CONFIG_BRIDGE_VLAN_FILTERING", module: undefined };
  return [
    ...links,
    finding("bridge.vlan-filtering", "links", "bridge VLAN filtering", filtering, outcomes, needed),
    finding("route.encap", "links", "routes into tunnels", encap, outcomes, needed),
    ...qdiscs,
  ];
}

interface Origin {
  readonly option: string;
  /** Absent where it is part of another module. */
  readonly module: string | undefined;
}

function finding(
  id: string,
  topic: Finding["topic"],
  label: string,
  { option, module }: Origin,
  outcomes: Outcomes,
  needed: ReadonlySet<string>,
): Finding {
  const outcome = outcomes.get(id);
  const verdict = verdictOf(outcome);
  const fix =
    module === undefined ? `a kernel built with ${option}=y` : `modprobe ${module}, or a kernel built with ${option}`;
  return {
    id,
    topic,
    verdict,
    says: outcome === undefined ? `${label}: not tried` : outcome.ok ? label : `${label}: ${outcome.words}`,
    option,
    required: needed.has(id),
    ...(verdict === "missing" ? { fix } : {}),
  };
}

/** What the kernel answers for a kind it does not know: links EOPNOTSUPP, queueing disciplines ENOENT. */
const absent = new Set(["EOPNOTSUPP", "ENOENT", "EAFNOSUPPORT", "EPFNOSUPPORT", "ENODEV"]);

/** Only a plain "I do not know that" is a no; anything else may have other reasons. */
export function verdictOf(outcome: Outcome | undefined): Verdict {
  if (outcome === undefined) return "unknown";
  if (outcome.ok) return "ok";
  return absent.has(outcome.code) ? "missing" : "unknown";
}
