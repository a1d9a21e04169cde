/** Owns the only place where a string becomes HTML: sanitised, and typed so that the browser accepts it. */
import DOMPurify from 'dompurify';

/** What each of our own makers of HTML writes; anything else comes from what they quote of a model, and is taken out. */
const allowed = {
  code: { ALLOWED_TAGS: ['span'], ALLOWED_ATTR: ['class'] },
  math: {
    USE_PROFILES: { html: true, mathMl: true, svg: true },
    ADD_TAGS: ['semantics', 'annotation'],
    ADD_ATTR: ['encoding'],
    FORBID_TAGS: ['a', 'img', 'image', 'style', 'form', 'input', 'button'],
    FORBID_ATTR: ['href', 'src', 'id', 'name'],
  },
};

const page = {
  USE_PROFILES: { html: true },
  FORBID_TAGS: [
    'style',
    'form',
    'input',
    'button',
    'select',
    'textarea',
    'audio',
    'video',
    'source',
    'picture',
  ],
  FORBID_ATTR: ['srcset', 'background', 'poster', 'target'],
  // Pictures in the text itself, and places in it; nothing from elsewhere.
  ALLOWED_URI_REGEXP: /^(?:data:image\/(?:png|jpe?g|gif|webp);|#)/i,
};

/** What a style may lead elsewhere by, and how it may hide that; a style says how something looks, and no more. */
const leading = /url|image|src|expression|binding|@|\\/i;

DOMPurify.addHook('uponSanitizeAttribute', (_element, attribute) => {
  if (attribute.attrName === 'style' && leading.test(attribute.attrValue)) attribute.keepAttr = false;
});

/** A whole text of a user or a model, for a frame of its own. */
export function pageHtml(html: string): TrustedHTML {
  return DOMPurify.sanitize(html, { ...page, RETURN_TRUSTED_TYPE: true }) as unknown as TrustedHTML;
}

/** @param html from our own highlighter or KaTeX; what it quotes came from a model */
export function trustedHtml(html: string, kind: keyof typeof allowed): TrustedHTML {
  return DOMPurify.sanitize(html, {
    ...allowed[kind],
    RETURN_TRUSTED_TYPE: true,
  }) as unknown as TrustedHTML;
}
