/** Owns loading the code highlighter when the first block of code needs it; start stays free of it. */

export type Highlight = (code: string, language: string) => TrustedHTML | null;

let highlight = $state.raw<Highlight | null>(null);
let loading = false;

/** The highlighter, or null until it is there; a component that reads it is drawn again then. */
export function loadHighlighter(): Highlight | null {
  if (!loading) {
    loading = true;
    void import('./highlight.js').then((module) => (highlight = module.highlight));
  }
  return highlight;
}
