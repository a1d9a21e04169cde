/** Owns the candidates for the next token: the likeliest tokens with their logits, sorted, and what follows from them. */

/** Tokens with their logits, likeliest first; never empty. Logits are known up to a common constant. */
export type Candidates = { readonly tokens: readonly number[]; readonly logits: readonly number[] };

/** Probabilities that sum to 1, in the order of the candidates. */
export function probabilities({ logits }: Candidates): number[] {
  const max = logits[0]!;
  const weights = logits.map((logit) => Math.exp(logit - max));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Shannon entropy in nats. */
export function entropy(shares: readonly number[]): number {
  return -shares.reduce((total, share) => (share > 0 ? total + share * Math.log(share) : total), 0);
}

/** The candidates that pass; the likeliest one when none does. */
export function keep(candidates: Candidates, passes: (index: number) => boolean): Candidates {
  const kept = candidates.tokens.map((_, index) => index).filter(passes);
  if (kept.length === candidates.tokens.length) return candidates;
  const indexes = kept.length === 0 ? [0] : kept;
  return {
    tokens: indexes.map((index) => candidates.tokens[index]!),
    logits: indexes.map((index) => candidates.logits[index]!),
  };
}

/** The candidates with other logits, sorted again. */
export function withLogits(candidates: Candidates, logit: (index: number) => number): Candidates {
  const logits = candidates.logits.map((_, index) => logit(index));
  if (logits.every((value, index) => index === 0 || value <= logits[index - 1]!))
    return { ...candidates, logits };
  const order = logits.map((_, index) => index).sort((a, b) => logits[b]! - logits[a]!);
  return {
    tokens: order.map((index) => candidates.tokens[index]!),
    logits: order.map((index) => logits[index]!),
  };
}
