/** Owns what requests leave the app for; without zod, which the page must not run. */
import { msg, type Message } from './language.js';

export const requestPurposes = {
  'search the hub': msg('Search the hub'),
  'read a repository': msg('Read a repository'),
  'read a file header': msg('Read a file header'),
  download: msg('Download'),
  'remote engine': msg('Remote engine'),
  'look for new versions': msg('Look for new versions'),
} as const satisfies Record<string, Message>;

export type RequestPurpose = keyof typeof requestPurposes;
export const requestPurposeIds = Object.keys(requestPurposes) as [RequestPurpose, ...RequestPurpose[]];
