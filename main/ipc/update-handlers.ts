/** Owns what main does for the page's requests about newer versions of the app. */
import { t } from '../../preload/contract/language.js';
import type { Room, Rooms } from './handlers.js';

export function updateHandlers({ updates }: Rooms): Room<'updates'> {
  return {
    'updates.state': () => updates.state,
    'updates.look': () => updates.look(t('Looked for new versions in Settings')),
  };
}
