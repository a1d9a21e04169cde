/** Owns how numbers are written for people. */
import { t } from '../../preload/contract/language.js';

export const count = (value: number) => value.toLocaleString('en-US');

export function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(2)} s` : `${(ms / 1000).toFixed(0)} s`;
}

export function bytes(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)} GB`;
  return value >= 1e6 ? `${(value / 1e6).toFixed(0)} MB` : `${Math.ceil(value / 1e3)} kB`;
}

/** A time that is only roughly known. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A number of parameters. */
export function parameters(value: number): string {
  return value >= 1e9
    ? t('{value} billion', { value: (value / 1e9).toFixed(1) })
    : t('{value} million', { value: (value / 1e6).toFixed(1) });
}

/** File name of a path of either kind of system. */
export const fileName = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

/** Name of the folder in which a file lies. */
export const folderName = (path: string) => path.split(/[\\/]/).at(-2) ?? '';

/** A day with its time. */
export const moment = (ms: number) =>
  new Date(ms).toLocaleString('en-US', { dateStyle: 'medium', timeStyle: 'short' });

/** A day as people say it: without the time. */
export const day = (ms: number) =>
  new Date(ms).toLocaleDateString('en-US', { day: 'numeric', month: 'short', year: 'numeric' });
