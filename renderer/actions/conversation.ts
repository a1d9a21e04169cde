/** Owns the actions on the open chat and its last messages. None of those on arrow keys ever starts a reply. */
import { t } from '../../preload/contract/language.js';
import type { PathMessage } from '../../preload/contract/chats.js';
import type { Action } from '../lib/actions.js';
import { toErrorData } from '../services/api.js';
import { appView } from '../stores/app-view.svelte.js';
import { attachments } from '../stores/attachments.svelte.js';
import { impersonation } from '../stores/impersonation.svelte.js';
import { fork } from '../stores/fork.svelte.js';
import { notices } from '../stores/notices.svelte.js';
import { replyTools } from '../stores/reply-tools.svelte.js';
import { runs } from '../stores/runs.svelte.js';
import { thread } from '../stores/thread.svelte.js';

/** Whether the conversation is in sight and nothing is being written in it. */
const isIdle = () => appView.showsChat && thread.run === undefined;

function lastReply(): PathMessage | undefined {
  const last = thread.messages.at(-1);
  return last?.role === 'assistant' ? last : undefined;
}

/** Another version of the last reply; undefined at the ends, where nothing happens. */
function version(step: 1 | -1): string | undefined {
  const reply = lastReply();
  return reply?.versionIds[reply.versionIds.indexOf(reply.id) + step];
}

function showVersion(id: string | undefined) {
  if (id !== undefined) void thread.showVersion(id);
}

/** The last message of the user with what follows it; without one, the last message. */
function removeLast() {
  const asked = thread.messages.findLast(({ role }) => role === 'user') ?? thread.messages.at(-1);
  if (asked !== undefined) void thread.delete(asked.id, false);
}

async function copyReply() {
  const written = thread.messages.findLast(({ role }) => role === 'assistant');
  if (written === undefined) return;
  try {
    await navigator.clipboard.writeText(written.text);
    notices.done(t('The last reply is in the clipboard.'));
  } catch (thrown) {
    notices.fail(toErrorData(thrown));
  }
}

export const conversationActions = [
  {
    id: 'stop',
    label: t('Stop the reply'),
    group: 'Conversation',
    keys: ['Escape'],
    isEnabled: () => thread.run !== undefined,
    run: () => {
      const run = thread.run;
      if (run !== undefined) runs.stop(run);
    },
  },
  {
    id: 'regenerate',
    label: t('Regenerate the last reply'),
    group: 'Conversation',
    does: t('A new version; the old one is kept.'),
    keys: ['Ctrl+Enter'],
    // A greeting answers nothing.
    isEnabled: () => isIdle() && (lastReply()?.parentId ?? null) !== null,
    run: () => thread.regenerate(lastReply()!.id),
  },
  {
    id: 'continue',
    label: t('Continue the last reply'),
    group: 'Conversation',
    keys: ['Alt+Enter'],
    isEnabled: () => isIdle() && lastReply() !== undefined,
    run: () => thread.continue(lastReply()!.id),
  },
  {
    id: 'fork',
    label: t('Take the last reply another way from a word'),
    group: 'Conversation',
    does: t('Shows what else the model could have said at each word; Alt+click on a word does so too.'),
    keys: ['Ctrl+J'],
    isEnabled: () => isIdle() && lastReply() !== undefined,
    run: () => fork.open(lastReply()!.id),
  },
  {
    id: 'reply-card',
    label: t('Show what the last reply came from'),
    group: 'Conversation',
    does: t('Its model, template, settings, seed and engine.'),
    isEnabled: () => isIdle() && (lastReply()?.stats ?? null) !== null,
    run: () => replyTools.toggleCard(lastReply()!.id),
  },
  {
    id: 'replay',
    label: t('Replay the last reply, and compare'),
    group: 'Conversation',
    isEnabled: () => isIdle() && (lastReply()?.stats?.origin ?? null) !== null,
    run: () => (replyTools.replayOf = lastReply()!.id),
  },
  {
    id: 'previous-version',
    label: t('Previous version of the last reply'),
    group: 'Conversation',
    does: t('While the message is empty.'),
    keys: ['ArrowLeft'],
    repeats: true,
    isEnabled: () => isIdle() && version(-1) !== undefined,
    run: () => showVersion(version(-1)),
  },
  {
    id: 'next-version',
    label: t('Next version of the last reply'),
    group: 'Conversation',
    does: t('While the message is empty. Stops at the newest one.'),
    keys: ['ArrowRight'],
    repeats: true,
    isEnabled: () => isIdle() && version(1) !== undefined,
    run: () => showVersion(version(1)),
  },
  {
    id: 'remove-last',
    label: t('Remove the last exchange'),
    group: 'Conversation',
    does: t('The last message of yours and its reply go to the trash.'),
    keys: ['Ctrl+Shift+Backspace'],
    isEnabled: () => isIdle() && thread.messages.length > 0,
    run: removeLast,
  },
  {
    id: 'branch-chat',
    label: t('Branch into a new chat'),
    group: 'Conversation',
    does: t('A chat of its own with all that was said so far.'),
    isEnabled: () => isIdle() && thread.messages.length > 0,
    run: () => thread.branch(thread.messages.at(-1)!.id),
  },
  {
    id: 'prune',
    label: t('Delete the other branches of this chat'),
    group: 'Conversation',
    does: t('Only what is shown stays; the rest goes to the trash.'),
    isEnabled: () => isIdle() && thread.messages.length > 0,
    run: () => thread.prune(),
  },
  {
    id: 'add-message',
    label: t('Add the message without a reply'),
    group: 'Conversation',
    keys: ['Ctrl+Shift+Enter'],
    isEnabled: () => isIdle() && thread.canAdd,
    run: () => thread.add('user'),
  },
  {
    id: 'add-reply',
    label: t('Add the message as a reply'),
    group: 'Conversation',
    does: t('As if the model had written it.'),
    isEnabled: () => isIdle() && thread.canAdd,
    run: () => thread.add('assistant'),
  },
  {
    id: 'impersonate',
    label: t('Let the model write your message'),
    group: 'Conversation',
    does: t('Impersonate: it goes on with what you wrote of it. Nothing is sent.'),
    keys: ['Ctrl+I'],
    isEnabled: () => isIdle() && !impersonation.isWriting,
    run: () => thread.impersonate(),
  },
  {
    id: 'copy-reply',
    label: t('Copy the last reply'),
    group: 'Conversation',
    keys: ['Ctrl+Shift+C'],
    isEnabled: () => appView.showsChat && thread.messages.some(({ role }) => role === 'assistant'),
    run: copyReply,
  },
  {
    id: 'attach',
    label: t('Attach files to the message'),
    group: 'Conversation',
    keys: ['Ctrl+U'],
    isEnabled: () => appView.showsChat,
    run: () => attachments.choose(thread.chatId),
  },
  {
    id: 'focus-message',
    label: t('Write a message'),
    group: 'Conversation',
    keys: ['Shift+Escape'],
    run: () => {
      appView.showChat();
      thread.focusRequests++;
    },
  },
] as const satisfies readonly Action[];
