/** Owns the candidates for the next token: the likeliest tokens with their logits, sorted, and what follows from them. */

/** Tokens with their logits, likeliest first; never empty. A repetition penalty needs true logits, all else the differences. */
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
export function withLogits(
  { tokens, logits }: Candidates,
  logit: (logit: number, token: number) => number,
): Candidates {
  const changed = logits.map((value, index) => logit(value, tokens[index]!));
  if (changed.every((value, index) => index === 0 || value <= changed[index - 1]!))
    return { tokens, logits: changed };
  const order = changed.map((_, index) => index).sort((a, b) => changed[b]! - changed[a]!);
  return { tokens: order.map((index) => tokens[index]!), logits: order.map((index) => changed[index]!) };
}
