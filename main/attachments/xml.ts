/** Owns reading XML as a row of tags and texts, for documents whose form is known; never entities beyond the five of XML. */

export type XmlEvent =
  | { readonly kind: 'open' | 'close'; readonly name: string; readonly attributes: string }
  | { readonly kind: 'text'; readonly text: string };

/** One tag (attributes may hold any sign), what is not read, or the text up to the next tag. */
const pattern =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([\w:.-]+)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)|</g;

/** A tag that closes itself comes as two events. A sign that begins no tag is left out. */
export function* xmlEvents(xml: string): Generator<XmlEvent> {
  for (const [, data, closing, name, attributes = '', alone, text] of xml.matchAll(pattern)) {
    if (name !== undefined) {
      yield { kind: closing === '/' ? 'close' : 'open', name, attributes };
      if (alone === '/') yield { kind: 'close', name, attributes: '' };
    } else if (data !== undefined) yield { kind: 'text', text: data };
    else if (text !== undefined) yield { kind: 'text', text: withoutEntities(text) };
  }
}

/** The value of an attribute by its name with prefix; null where there is none. */
export function attribute(attributes: string, name: string): string | null {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return found === null ? null : withoutEntities(found[1] ?? found[2] ?? '');
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function withoutEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
