/** Owns keeping the machine from going to sleep while there is work that nobody waits for; the screen may go dark. */
import { powerSaveBlocker } from 'electron';

let blocker: number | null = null;

export function stayAwake(isNeeded: boolean): void {
  if (isNeeded) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
  else if (blocker !== null) {
    powerSaveBlocker.stop(blocker);
    blocker = null;
  }
}
