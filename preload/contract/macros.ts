/**
 * Owns the macros of character cards: `{{char}}`, `{{user}}` and what else the card specifications name (V2 and V3,
 * "Curly Braced Syntaxes"). Free of zod, so that the page can show what a text becomes. Any other `{{…}}` stays as it is.
 */

export type Names = { readonly char: string; readonly user: string };

/**
 * A text with its macros filled in. What is left to chance is the same for the same seed: a prompt that is made again
 * has the same words, so that what the model has read of it still holds, and a reply can be replayed.
 * @param original what `{{original}}` stands for; absent = such a macro says nothing
 */
export function expandMacros(text: string, names: Names, seed: string, original = ''): string {
  let place = 0;
  const chance = () => random(`${seed}\n${place++}`);
  const fill = (part: string): string =>
    part.replace(/\{\{([^{}]*)\}\}/g, (macro, inner: string) => {
      const [, name = '', value = ''] = /^\s*(\/\/|[\w]+)(?:\s*:{1,2}|\s+)?([^]*)$/.exec(inner) ?? [];
      switch (name.toLowerCase()) {
        case 'char':
          return names.char;
        case 'user':
          return names.user;
        case 'original':
          return original;
        case 'random':
        case 'pick': {
          const choices = value.includes('::') ? value.split('::') : value.split(/(?<!\\),/);
          return choices[Math.floor(chance() * choices.length)]!.replaceAll('\\,', ',').trim();
        }
        case 'roll': {
          const sides = Number(/^d?(\d{1,9})$/i.exec(value.trim())?.[1] ?? 0);
          return sides < 1 ? macro : String(1 + Math.floor(chance() * sides));
        }
        case 'reverse':
          return [...value].reverse().join('');
        case '//':
        case 'comment':
        case 'hidden_key':
          return '';
        default:
          return macro;
      }
    });
  // Names come last: braces in a name are no macros.
  const withTags = text.replace(/<(USER|BOT|CHAR)>/g, (_, who) => (who === 'USER' ? '{{user}}' : '{{char}}'));
  return fill(withTags);
}

/** A number from 0 to below 1 that depends on the text alone (FNV-1a, 32 bits, with a final mix). */
function random(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash ^= hash >>> 13;
  return (hash >>> 0) / 2 ** 32;
}
