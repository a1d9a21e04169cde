/** Owns the actions on comparisons and duels. */
import { t } from '../../preload/contract/language.js';
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
    label: t('Vote: {choice}', { choice: choiceLabels[choice] }),
    group: 'Compare',
    keys: [keys],
    isEnabled: () => isShown('duel') && arena.duel.awaitsVote,
    run: () => arena.duel.vote(choice),
  }) as const;

const isShown = (section: typeof compareView.section) =>
  appView.tab === 'Compare' && compareView.section === section;
const shownStage = () => (isShown('duel') ? arena.duel : isShown('side-by-side') ? arena.comparison : null);

export const arenaActions = [
  {
    id: 'compare-chat',
    label: t('Compare models on this chat'),
    does: t('Several models answer its last question, or one more, side by side.'),
    group: 'Compare',
    isEnabled: () => chats.open !== undefined && !incognito.isOpen,
    run: () => {
      arena.comparison.chatId = chats.openId;
      arena.comparison.prompt = '';
      compareView.show('side-by-side');
    },
  },
  { id: 'go-duel', label: t('Blind duel'), group: 'Compare', run: () => compareView.show('duel') },
  {
    id: 'go-leaderboard',
    label: t('Leaderboard'),
    group: 'Compare',
    run: () => compareView.show('leaderboard'),
  },
  {
    id: 'stop-comparison',
    label: t('Stop all replies of the comparison'),
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
