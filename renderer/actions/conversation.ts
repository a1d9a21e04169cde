/** Owns the actions on the open chat and its last messages. None of those on arrow keys ever starts a reply. */
import type { PathMessage } from '../../preload/contract/chats.js';
import type { Action } from '../lib/actions.js';
import { toErrorData } from '../services/api.js';
import { appView } from '../stores/app-view.svelte.js';
import { attachments } from '../stores/attachments.svelte.js';
import { notices } from '../stores/notices.svelte.js';
import { runs } from '../stores/runs.svelte.js';
import { thread } from '../stores/thread.svelte.js';

const runHere = () => runs.ofChat(thread.chatId);
/** Whether the conversation is in sight and nothing is being written in it. */
const isIdle = () => appView.showsChat && runHere() === undefined;

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

async function copyReply() {
  const written = thread.messages.findLast(({ role }) => role === 'assistant');
  if (written === undefined) return;
  try {
    await navigator.clipboard.writeText(written.text);
    notices.done('The last reply is in the clipboard.');
  } catch (thrown) {
    notices.fail(toErrorData(thrown));
  }
}

export const conversationActions = [
  {
    id: 'stop',
    label: 'Stop the reply',
    group: 'Conversation',
    keys: ['Escape'],
    isEnabled: () => runHere() !== undefined,
    run: () => {
      const run = runHere();
      if (run !== undefined) runs.stop(run);
    },
  },
  {
    id: 'regenerate',
    label: 'Regenerate the last reply',
    group: 'Conversation',
    does: 'A new version; the old one is kept.',
    keys: ['Ctrl+Enter'],
    isEnabled: () => isIdle() && lastReply() !== undefined,
    run: () => thread.regenerate(lastReply()!.id),
  },
  {
    id: 'continue',
    label: 'Continue the last reply',
    group: 'Conversation',
    keys: ['Alt+Enter'],
    isEnabled: () => isIdle() && lastReply() !== undefined,
    run: () => thread.continue(lastReply()!.id),
  },
  {
    id: 'previous-version',
    label: 'Previous version of the last reply',
    group: 'Conversation',
    does: 'While the message is empty.',
    keys: ['ArrowLeft'],
    repeats: true,
    isEnabled: () => isIdle() && version(-1) !== undefined,
    run: () => showVersion(version(-1)),
  },
  {
    id: 'next-version',
    label: 'Next version of the last reply',
    group: 'Conversation',
    does: 'While the message is empty. Stops at the newest one.',
    keys: ['ArrowRight'],
    repeats: true,
    isEnabled: () => isIdle() && version(1) !== undefined,
    run: () => showVersion(version(1)),
  },
  {
    id: 'copy-reply',
    label: 'Copy the last reply',
    group: 'Conversation',
    keys: ['Ctrl+Shift+C'],
    isEnabled: () => appView.showsChat && thread.messages.some(({ role }) => role === 'assistant'),
    run: copyReply,
  },
  {
    id: 'attach',
    label: 'Attach files to the message',
    group: 'Conversation',
    keys: ['Ctrl+U'],
    isEnabled: () => appView.showsChat,
    run: () => attachments.choose(thread.chatId),
  },
  {
    id: 'focus-message',
    label: 'Write a message',
    group: 'Conversation',
    keys: ['Shift+Escape'],
    run: () => {
      appView.showChat();
      thread.focusRequests++;
    },
  },
] as const satisfies readonly Action[];
