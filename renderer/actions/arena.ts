/** Owns the actions on comparisons and duels. */
import type { Action } from '../lib/actions.js';
import { choiceLabels } from '../lib/arena.js';
import type { Choice } from '../../preload/contract/arena-words.js';
import { appView } from '../stores/app-view.svelte.js';
import { arena } from '../stores/arena.svelte.js';
import { chats } from '../stores/chats.svelte.js';
import { compareView } from '../stores/compare-view.svelte.js';
import { incognito } from '../stores/incognito.svelte.js';

const vote = <const Id extends string>(id: Id, choice: Choice, keys: string) =>
  ({
    id,
    label: `Vote: ${choiceLabels[choice]}`,
    group: 'Compare',
    keys: [keys],
    isEnabled: () => isShown('Blind duel') && arena.duel.awaitsVote,
    run: () => arena.duel.vote(choice),
  }) as const;

const isShown = (section: string) => appView.tab === 'Compare' && compareView.section === section;
const shownStage = () =>
  isShown('Blind duel') ? arena.duel : isShown('Side by side') ? arena.comparison : null;

export const arenaActions = [
  {
    id: 'compare-chat',
    label: 'Compare models on this chat',
    does: 'Several models answer its last question, or one more, side by side.',
    group: 'Compare',
    isEnabled: () => chats.open !== undefined && !incognito.isOpen,
    run: () => {
      arena.comparison.chatId = chats.openId;
      arena.comparison.prompt = '';
      compareView.show('Side by side');
    },
  },
  { id: 'go-duel', label: 'Blind duel', group: 'Compare', run: () => compareView.show('Blind duel') },
  {
    id: 'go-leaderboard',
    label: 'Leaderboard',
    group: 'Compare',
    run: () => compareView.show('Leaderboard'),
  },
  {
    id: 'stop-comparison',
    label: 'Stop all replies of the comparison',
    group: 'Compare',
    keys: ['Escape'],
    isEnabled: () => shownStage()?.isWriting === true,
    run: () => shownStage()?.stop(null),
  },
  vote('vote-a', 'a', 'F6'),
  vote('vote-b', 'b', 'F7'),
  vote('vote-tie', 'tie', 'F8'),
  vote('vote-both-bad', 'both-bad', 'F9'),
] as const satisfies readonly Action[];
