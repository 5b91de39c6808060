import type { ImpairmentSpec } from "../lab/topology.ts";
import { formatDuration, formatPercent, formatRate } from "../values/index.ts";

type End = Pick<ImpairmentSpec, "netns" | "dev">;

/**
 * What is done to the packets that leave (`out`) an interface and those that its other end sends it (`in`), in words;
 * `undefined` when nothing is.
 */
export function impairmentText(
  impairments: readonly ImpairmentSpec[],
  own: End,
  other: End | undefined,
): string | undefined {
  const of = (direction: string, { netns, dev }: End): readonly string[] =>
    impairments
      .filter((spec) => spec.netns === netns && spec.dev === dev)
      .map((spec) => `${direction}: ${measures(spec).join(", ")}`);
  const texts = [...of("out", own), ...(other === undefined ? [] : of("in", other))];
  return texts.length === 0 ? undefined : texts.join("; ");
}

function measures({ rate, delay, jitter, loss }: ImpairmentSpec): readonly string[] {
  return [
    ...(rate === undefined ? [] : [`rate ${formatRate(rate)}`]),
    ...(delay === undefined ? [] : [`delay ${formatDuration(delay)}`]),
    ...(jitter === undefined ? [] : [`jitter ${formatDuration(jitter)}`]),
    ...(loss === undefined ? [] : [`loss ${formatPercent(loss)}`]),
  ];
}
