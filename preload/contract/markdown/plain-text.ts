/** Owns what a text token says once its Markdown is read: entities as characters, escapes without their backslash. */

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

/** @param raw the token as it stands in the source */
export function plainText(raw: string, type: string): string {
  if (type === 'escape') return raw.slice(1);
  return raw.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (entity, decimal, hex, name) => {
    if (typeof name === 'string') return entities[name] ?? entity;
    const code = Number.parseInt((decimal ?? hex) as string, decimal === undefined ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : (entity as string);
  });
}
