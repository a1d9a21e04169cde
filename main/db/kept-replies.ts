/** Owns how replies of a match become versions of one reply in a chat; never which ones. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import { AppError } from '../../preload/contract/errors.js';
import { makeArenaQueries } from './arena.js';
import { makeMessageQueries } from './messages.js';

export function makeKeptReplyQueries(db: Database) {
  const arena = makeArenaQueries(db);
  const messages = makeMessageQueries(db);
  const isThere = db
    .prepare<[string | null, string], number>(
      'SELECT 1 FROM messages WHERE id = ? AND chat_id = ? AND deleted_at IS NULL',
    )
    .pluck();

  return {
    /**
     * Adds the replies at these places under the question of their match; where the chat does not have the question, that
     * too, and the turns before it in a chat that the match did not come from.
     * @returns the question's message
     */
    keepReplies(matchId: string, positions: readonly number[], chatId: string): string {
      const match = arena.findMatch(matchId);
      const isHome = match.chatId === chatId;
      let questionId = match.questionId;
      if (!isHome || isThere.get(questionId, chatId) === undefined) {
        let parentId = isHome ? match.parentId : null;
        if (parentId !== null && isThere.get(parentId, chatId) === undefined) {
          throw new AppError({
            code: 'not-found',
            message: t('The chat no longer has the messages that this went on from.'),
            hint: t('Bring them back from the trash, or copy the reply.'),
          });
        }
        const add = (role: 'user' | 'assistant', text: string) =>
          (parentId = messages.add({ chatId, parentId, role, text, model: null }).id);
        const earlier = isHome ? [] : match.history;
        for (const { role, text } of earlier) if (role !== 'system') add(role, text);
        questionId = add('user', match.prompt);
      }
      for (const position of positions) {
        const reply = match.replies[position];
        if (reply === undefined)
          throw new AppError({ code: 'not-found', message: t('There is no such reply.') });
        const { text, stats, error } = reply;
        const model = reply.contestant.modelName;
        const { id } = messages.add({ chatId, parentId: questionId, role: 'assistant', text, model });
        messages.saveReply({ messageId: id, text, stats, error: error?.message ?? null });
      }
      arena.setMatchQuestion(matchId, chatId, questionId!);
      return questionId!;
    },
  };
}
