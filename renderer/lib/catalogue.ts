/** Owns what of the catalogue is shown: sizes in words, filters, and the file to begin with; pure. */
import { locale, t } from '../../preload/contract/language.js';
import type { CatalogueFamily } from '../../preload/contract/catalogue-families.js';
import type { CatalogueEntry } from '../../preload/contract/catalogue.js';
import type { Fit } from '../../preload/contract/fit.js';

/** Sizes that people speak of, by parameters. */
export const sizeClasses = [
  { name: t('Up to 4B'), below: 5e9 },
  { name: '7B', below: 10e9 },
  { name: '13B', below: 20e9 },
  { name: t('30B and more'), below: Infinity },
] as const;

type SizeClass = (typeof sizeClasses)[number]['name'];

/** What is looked for; null = all. */
export type CatalogueFilters = {
  readonly family: CatalogueFamily | null;
  readonly size: SizeClass | null;
  /** `fits`: with room to spare. `loads`: it fits, or is tight. */
  readonly fit: 'fits' | 'loads' | null;
};

export const noFilters: CatalogueFilters = { family: null, size: null, fit: null };

export type EntryFile = CatalogueEntry['repositories'][number]['files'][number];

const filesOf = ({ repositories }: CatalogueEntry): EntryFile[] => repositories.flatMap(({ files }) => files);

const sizeClassOf = ({ parameters }: CatalogueEntry): SizeClass =>
  sizeClasses.find(({ below }) => parameters < below)!.name;

export function matches(entry: CatalogueEntry, { family, size, fit }: CatalogueFilters): boolean {
  return (
    (family === null || entry.family === family) &&
    (size === null || sizeClassOf(entry) === size) &&
    (fit === null || loads(entry.usual.fit, fit))
  );
}

function loads({ verdict }: Fit, wanted: 'fits' | 'loads'): boolean {
  return verdict === 'fits' || (wanted === 'loads' && verdict === 'tight');
}

/** A file that is on this machine; null when none is. */
export const fileHere = (entry: CatalogueEntry): EntryFile | null =>
  filesOf(entry).find(({ path }) => path !== null) ?? null;

/** The file to begin with: the usual quantisation, else the largest one that is not refused; null when none is left. */
export function firstChoice(entry: CatalogueEntry): EntryFile | null {
  const usable = filesOf(entry).filter(({ fit }) => fit.verdict !== 'no');
  const largest = [...usable].sort((a, b) => b.sizeBytes - a.sizeBytes)[0];
  return usable.find(({ quantization }) => quantization === 'Q4_K_M') ?? largest ?? null;
}

/** `135M`, `6.7B`. */
export function parametersLabel(parameters: number): string {
  return parameters < 1e9 ? `${Math.round(parameters / 1e6)}M` : `${(parameters / 1e9).toFixed(1)}B`;
}

/** A date as exact as it is known: `24 February 2023`, `April 2023`. */
export function dateLabel(date: string): string {
  if (date === '') return '–';
  const form = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  const hasDay = date.split('-').length === 3;
  // English as in the rest of the catalogue: the day first.
  return new Date(date).toLocaleDateString(
    locale() === 'en-US' ? 'en-GB' : locale(),
    hasDay ? { ...form, day: 'numeric' } : form,
  );
}

/** Sizes of which a beginner is offered one model each, by parameters: quick, good, and the best that most machines bear. */
const beginnerSizes = [1e9, 4e9, 10e9];

/** Models to begin with: of each size the newest that talks, fits with room to spare and can be fetched. */
export function beginnersChoice(entries: readonly CatalogueEntry[]): CatalogueEntry[] {
  const usable = entries.filter(
    (entry) => entry.kind !== 'base' && entry.usual.fit.verdict === 'fits' && firstChoice(entry) !== null,
  );
  const newestFirst = usable.toSorted(
    (a, b) => (b.released ?? '').localeCompare(a.released ?? '') || b.parameters - a.parameters,
  );
  return beginnerSizes.flatMap((below, index) => {
    const from = beginnerSizes[index - 1] ?? 0;
    return newestFirst.find(({ parameters }) => parameters >= from && parameters < below) ?? [];
  });
}
