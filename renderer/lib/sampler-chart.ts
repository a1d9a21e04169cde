/** Owns how the chart of samplers names its stages and tokens, and which tokens have a colour of their own in it. */
import { t } from '../../preload/contract/language.js';
import type { ChartStage } from '../../preload/contract/sampler-stages.js';
import type { Candidate, StageShares } from '../../preload/contract/tokens.js';

/** Tokens with a colour of their own; all others share one. */
const colours = 8;

export function stageLabel(stage: ChartStage): string {
  switch (stage) {
    case 'model':
      return t('The model alone');
    case 'demands':
      return t('Bans, biases, grammar');
    case 'guidance':
      return 'guidance_scale';
    case 'likeliest':
      return t('Only the likeliest');
    default:
      return stage;
  }
}

/** White space of a token made visible. */
export const visibleToken = (text: string): string =>
  text.replaceAll(' ', '·').replaceAll('\n', '↵').replaceAll('\t', '⇥') || '∅';

/** A share in percent. */
export const percent = (share: number): string =>
  share === 0
    ? '0 %'
    : share < 0.001
      ? '<0.1 %'
      : share > 0.999 && share < 1
        ? '>99.9 %'
        : `${(share * 100).toFixed(1)} %`;

/** The tokens that have a colour: the likeliest ones of the end, then those of the model. Their places are their colours. */
export function colouredTokens({ stages }: StageShares): readonly Candidate[] {
  const [first, last] = [stages[0]?.top ?? [], stages.at(-1)?.top ?? []];
  const known = new Map([...last, ...first].map((each) => [each.token, each]));
  // In the order of the model, so that a colour stays with its token while a slider moves.
  const ordered = [...first, ...last].map(({ token }) => token);
  const chosen = [...last.slice(0, colours), ...first].map(({ token }) => token);
  const kept = new Set([...new Set(chosen)].slice(0, colours));
  return [...new Set(ordered)].filter((token) => kept.has(token)).map((token) => known.get(token)!);
}

/** The share of a token after a stage; 0 where it is none of the likeliest. */
export const shareOf = (top: readonly Candidate[], token: number): number =>
  top.find((candidate) => candidate.token === token)?.probability ?? 0;
