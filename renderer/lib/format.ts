/** Owns how numbers are written for people. */
import { locale, t } from '../../preload/contract/language.js';

export const count = (value: number) => value.toLocaleString(locale());

/** With so many digits after the point, and nothing between thousands. */
export const decimal = (value: number, digits: number) =>
  Number(value.toFixed(digits)).toLocaleString(locale(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  });

export function seconds(ms: number): string {
  return t('{seconds} s', { seconds: decimal(ms / 1000, ms < 10_000 ? 2 : 0) });
}

export function bytes(value: number): string {
  if (value >= 1e9) return t('{size} GB', { size: decimal(value / 1e9, 2) });
  return value >= 1e6
    ? t('{size} MB', { size: decimal(value / 1e6, 0) })
    : t('{size} kB', { size: decimal(Math.ceil(value / 1e3), 0) });
}

/** A time that is only roughly known. */
export function duration(seconds: number): string {
  if (seconds < 60) return t('{seconds} s', { seconds: String(Math.ceil(seconds)) });
  const minutes = Math.round(seconds / 60);
  return minutes < 60
    ? t('{minutes} min', { minutes: String(minutes) })
    : t('{hours} h {minutes} min', { hours: count(Math.floor(minutes / 60)), minutes: String(minutes % 60) });
}

/** A number of parameters. */
export function parameters(value: number): string {
  return value >= 1e9
    ? t('{number} billion', { number: decimal(value / 1e9, 1) })
    : t('{number} million', { number: decimal(value / 1e6, 1) });
}

/** File name of a path of either kind of system. */
export const fileName = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

/** Name of the folder in which a file lies. */
export const folderName = (path: string) => path.split(/[\\/]/).at(-2) ?? '';

/** A day with its time. */
export const moment = (ms: number) =>
  new Date(ms).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'short' });

/** A day as people say it: without the time. */
export const day = (ms: number) =>
  new Date(ms).toLocaleDateString(locale(), { day: 'numeric', month: 'short', year: 'numeric' });
