/** Owns how the page says where a value comes from. */
import { t } from '../../preload/contract/language.js';
import type { Origin } from '../../preload/contract/levels.js';

const labels = { everywhere: t('everywhere'), model: t('this model'), chat: t('this chat') } as const;

/** @param nameOf the name of a preset; undefined for one that is gone */
export function originLabel(origin: Origin, nameOf: (presetId: string) => string | undefined): string {
  if (origin.level === 'default') return t('default');
  const preset = origin.presetId === null ? undefined : nameOf(origin.presetId);
  return preset === undefined ? labels[origin.level] : t('preset {preset}', { preset });
}

/** A value in a few characters. */
export function shortValue(value: unknown): string {
  if (typeof value === 'boolean') return value ? t('on') : t('off');
  if (Array.isArray(value)) return t('an order of its own');
  if (value === '') return t('empty');
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
