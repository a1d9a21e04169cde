import { expect, test, vi } from 'vitest';

// A style sheet does nothing here.
vi.mock('katex/dist/katex.min.css', () => ({}));
const { drawMath } = await import('../../../renderer/markdown/math.js');
function drawn(tex: string): HTMLElement {
  const place = document.createElement('div');
  place.innerHTML = String(drawMath(tex, false));
  return place;
}

test('a formula is drawn for the eye and, as MathML, for screen readers', () => {
  expect(drawn('x^2').querySelector('.katex-html')?.textContent).toBe('x2');
  expect(drawn('x^2').querySelector('math msup')).not.toBeNull();
});

test.each([
  ['what is no TeX', '\\frac{'],
  ['an unknown command', '\\nonsense'],
  ['macros without end', '\\def\\a{\\a\\a}\\a'],
  ['far too much', 'x'.repeat(20_000)],
])('%s is left to its source', (_name, tex) => expect(drawMath(tex, false)).toBeNull());

test.each([
  '\\href{javascript:alert(1)}{x}',
  '\\url{https://example.org}',
  '\\includegraphics{https://example.org/x.png}',
  '\\htmlStyle{background:url(https://example.org)}{x}',
  '\\text{<img src=x onerror=alert(1)>}',
])('nothing in a formula loads or runs: %s', (tex) => {
  const risky = 'a, img, image, script, iframe, [src], [href], [onerror], [style*="url"]';
  expect(drawn(tex).querySelectorAll(risky)).toHaveLength(0);
});

test('sizes are held', () => {
  const styles = [...drawn('\\rule{5000em}{5000em}').querySelectorAll('[style]')].map((one) =>
    one.getAttribute('style'),
  );
  expect(styles.join()).toContain('20em');
  expect(styles.join()).not.toContain('5000em');
});
