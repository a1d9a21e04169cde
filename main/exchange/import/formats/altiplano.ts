/** Owns reading the app's own format, with all that it holds; never writing it. */
import { t } from '../../../../preload/contract/language.js';
import { toMessages } from '../own-messages.js';
import {
  ownChatHeadSchema,
  ownFormat,
  ownFormatVersion,
  ownHeadSchema,
  ownMessageSchema,
  type OwnHead,
} from '../../own-format.js';
import { readPicture } from '../../../characters/picture.js';
import type { Picture } from '../../../db/characters.js';
import { LossCount } from '../draft.js';
import { Unreadable, type ChatFormat, type Piece, type PieceReader } from '../format.js';
import type { ImportedChat } from '../neutral.js';
import { fields, list } from '../values.js';

export const altiplano: ChatFormat = {
  id: 'altiplano',
  recognises: ({ value }) => fields(value)?.['format'] === ownFormat,
  open: () => new OwnReader(),
};

class OwnReader implements PieceReader {
  #head: OwnHead | null = null;

  take({ value, place }: Piece): readonly ImportedChat[] {
    if (place === 'entry') return [this.#chatOf(value)];
    const version = fields(value)?.['version'];
    if (typeof version === 'number' && version > ownFormatVersion) {
      throw new Unreadable(
        t('It was written by a newer Altiplano (format {version}). Install the newest version to read it.', {
          version,
        }),
      );
    }
    const head = ownHeadSchema.safeParse(value);
    if (!head.success) throw new Unreadable(t('Its beginning is damaged.'));
    this.#head = head.data;
    return [];
  }

  end = () => [];

  #chatOf(value: unknown): ImportedChat {
    const parsed = ownChatHeadSchema.safeParse(value);
    if (!parsed.success) throw new Unreadable(t('The chat is damaged.'));
    const { folderId, leafId, ...chat } = parsed.data;
    const losses = new LossCount();
    const entries = list(fields(value)?.['messages']);
    const read = entries.flatMap((entry) => {
      const message = ownMessageSchema.safeParse(entry);
      return message.success ? [message.data] : [];
    });
    losses.add('unreadable', entries.length - read.length);
    const { messages, leaf, repaired } = toMessages(read, leafId);
    losses.add('repaired', repaired);
    const { folders = [], presets = [], characters = [], personas = [] } = this.#head ?? {};
    return {
      ...chat,
      preset: presets.find(({ id }) => id === chat.level.presetId) ?? null,
      character: withPicture(
        characters.find(({ id }) => id === chat.characterId),
        losses,
      ),
      persona: withPicture(
        personas.find(({ id }) => id === chat.personaId),
        losses,
      ),
      folder: folders.find(({ id }) => id === folderId)?.name ?? null,
      messages,
      leaf,
      losses: losses.counts,
    };
  }
}

/** Looks at the picture as at any that comes from elsewhere. */
function withPicture<Own extends { readonly picture: string | null; readonly lacksPicture: boolean }>(
  own: Own | undefined,
  losses: LossCount,
): (Omit<Own, 'picture' | 'lacksPicture'> & { readonly picture: Picture | null }) | null {
  if (own === undefined) return null;
  const { picture: base64, lacksPicture, ...rest } = own;
  let picture: Picture | null = null;
  try {
    if (base64 !== null) picture = readPicture(Buffer.from(base64, 'base64'));
  } catch {
    losses.add('pictures');
  }
  if (lacksPicture) losses.add('pictures');
  return { ...rest, picture };
}
