/** Owns loading what draws math when the first formula needs it; start and chats without math stay free of it. */

export type DrawMath = (tex: string, display: boolean) => TrustedHTML | null;

let drawMath = $state.raw<DrawMath | null>(null);
let loading = false;

/** What draws math, or null until it is there; a component that reads it is drawn again then. */
export function loadMath(): DrawMath | null {
  if (!loading) {
    loading = true;
    void import('./math.js').then((module) => (drawMath = module.drawMath));
  }
  return drawMath;
}
