/** Owns what main does for the page's requests on attachments. */
import { t } from '../../preload/contract/language.js';
import { dialog } from 'electron';
import type { Room, Rooms } from './handlers.js';
import { attachedBlock } from '../chat/attached.js';

export function attachmentHandlers({ window, db, attachments, attachmentCosts }: Rooms): Room<'attachments'> {
  const find = async (id: string) => attachments.find(id) ?? (await db.findAttachment(id));
  return {
    'attachments.choose': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title: t('Attach files'),
        properties: ['openFile', 'multiSelections'],
      });
      return canceled ? [] : filePaths;
    },
    'attachments.add': ({ id, source }) => attachments.add(id, source),
    'attachments.list': () => attachments.load(),
    'attachments.save': ({ chatId, ids }) => attachments.save(chatId, ids),
    'attachments.remove': ({ id }) => attachments.remove(id),
    'attachments.restore': ({ id }) => attachments.restore(id),
    'attachments.setPart': async ({ id, part }) => {
      if (part.kind !== 'tokens') return attachments.setPart(id, part);
      const [attachment] = attachments.all([id]);
      const { text } = attachment!;
      const characters = await attachmentCosts.startOf(text, part.tokens);
      return attachments.setPart(
        id,
        characters === text.length ? { kind: 'all' } : { kind: 'start', characters },
      );
    },
    'attachments.cost': async ({ ids }) => {
      const found = await Promise.all(ids.map((id) => find(id).catch(() => null)));
      const costs = found.flatMap((each) =>
        each === null ? [] : [attachmentCosts.of(each).then((cost) => [each.id, cost] as const)],
      );
      return Object.fromEntries(await Promise.all(costs));
    },
    'attachments.pasted': ({ id }) => attachments.pastedText(id),
    'attachments.text': async ({ id }) => attachedBlock(await find(id)),
  };
}
