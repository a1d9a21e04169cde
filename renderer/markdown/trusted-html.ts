/** Owns the only place where a string becomes HTML: sanitised, and typed so that the browser accepts it. */
import DOMPurify from 'dompurify';

/** @param html from our own highlighter; what it quotes came from a model */
export function trustedHtml(html: string): TrustedHTML {
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: ['span'],
    ALLOWED_ATTR: ['class'],
    RETURN_TRUSTED_TYPE: true,
  }) as unknown as TrustedHTML;
}
