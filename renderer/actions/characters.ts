/** Owns the actions on characters and on who talks in the open chat. */
import { t } from '../../preload/contract/language.js';
import type { Action } from '../lib/actions.js';
import { appView } from '../stores/app-view.svelte.js';
import { cast } from '../stores/cast.svelte.js';
import { characters } from '../stores/characters.svelte.js';

const forOpen = (run: (open: { readonly id: string; readonly name: string }) => unknown) => ({
  group: 'Characters' as const,
  isEnabled: () => appView.tab === 'Characters' && characters.open !== null,
  run: () => {
    const { open } = characters;
    if (open !== null) return run({ id: open.id, name: open.card.name });
  },
});

export const characterActions = [
  {
    id: 'cast-chat',
    label: t('Choose who talks in this chat'),
    does: t('Character, your profile, and how the chat is written down for the model.'),
    group: 'Characters',
    run: () => {
      appView.showChat();
      cast.isChoosing = true;
    },
  },
  {
    id: 'new-character',
    label: t('New character'),
    group: 'Characters',
    run: () => characters.create(),
  },
  {
    id: 'import-characters',
    label: t('Import characters'),
    does: t('Cards as PNG or JSON, and YAML of text-generation-webui.'),
    group: 'Characters',
    run: () => {
      appView.show('Characters');
      return characters.import();
    },
  },
  {
    id: 'chat-with-character',
    label: t('Chat with this character'),
    ...forOpen(({ id }) => characters.startChat(id)),
  },
  {
    id: 'duplicate-character',
    label: t('Duplicate this character'),
    ...forOpen(({ id }) => characters.duplicate(id)),
  },
  {
    id: 'export-character',
    label: t('Export this character as a picture'),
    ...forOpen(({ id }) => characters.export(id, 'png')),
  },
  {
    id: 'delete-character',
    label: t('Delete this character'),
    ...forOpen((open) => characters.delete(open)),
  },
] as const satisfies readonly Action[];
