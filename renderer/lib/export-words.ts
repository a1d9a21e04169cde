/** Owns the words for what can be exported. */
import { t } from '../../preload/contract/language.js';
import type { ExportScope } from '../../preload/contract/exchange.js';
import type { ExportTarget } from '../../preload/contract/export-formats.js';
import { isIncognito } from '../../preload/contract/incognito.js';

/** How chats and folders are called; undefined for what is gone. */
type Names = {
  readonly chat: (id: string) => string | undefined;
  readonly folder: (id: string) => string | undefined;
};

export function scopeLabel(scope: ExportScope, names: Names): string {
  switch (scope.kind) {
    case 'message':
      return t('This message');
    case 'chats': {
      const [first, ...more] = scope.chatIds;
      return more.length === 0
        ? t('The chat “{title}”', { title: names.chat(first!) ?? t('Chat') })
        : t('{count, plural, one {# selected chat} other {# selected chats}}', {
            count: scope.chatIds.length,
          });
    }
    case 'folder':
      return t('The folder “{name}”', { name: names.folder(scope.folderId) ?? t('Folder') });
    case 'everything':
      return t('All chats');
  }
}

/** What may be chosen where an export was asked for, that itself first. */
export function offeredScopes(asked: ExportScope): ExportScope[] {
  const chat: ExportScope[] = asked.kind === 'message' ? [{ kind: 'chats', chatIds: [asked.chatId] }] : [];
  const chatId = asked.kind === 'message' ? asked.chatId : asked.kind === 'chats' ? asked.chatIds[0] : null;
  // The incognito chat lies apart from the others.
  const all: ExportScope[] =
    asked.kind === 'everything' || isIncognito(chatId ?? null) ? [] : [{ kind: 'everything' }];
  return [asked, ...chat, ...all];
}

export const targetLabels: { readonly [T in ExportTarget]: string } = {
  file: t('A file'),
  zip: t('A zip archive'),
  clipboard: t('The clipboard'),
};
