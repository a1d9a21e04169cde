/** Owns how much can be attached to a message; without the schemas, so that the page can read it. */

export const attachmentLimits = {
  fileBytes: 50_000_000,
  /** Of the text that was read out of a file, in UTF-16 units. */
  characters: 5_000_000,
  pages: 2000,
  /** Of one message. */
  count: 50,
} as const;
