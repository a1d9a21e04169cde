/** Owns what requests leave the app for; without zod, which the page must not run. */
export const requestPurposes = [
  'search the hub',
  'read a repository',
  'read a file header',
  'download',
  'remote engine',
] as const;

export type RequestPurpose = (typeof requestPurposes)[number];
