/** Owns the one structure that every reader of chats gives; never how it is read or saved. */
import type { AttachmentWithText } from '../../../preload/contract/attachments.js';
import type { Chat, Inclusion, OverflowPolicy, ReplyStats } from '../../../preload/contract/chats.js';
import type { LossKind } from '../../../preload/contract/import-formats.js';
import type { Level } from '../../../preload/contract/levels.js';
import type { PresetValues } from '../../../preload/contract/preset-values.js';
import type { Picture } from '../../db/characters.js';
import type { OwnCharacter, OwnPersona } from '../own-format.js';

export type ImportedAttachment = Omit<AttachmentWithText, 'id'>;

export type ImportedMessage = {
  /** The place of the message before it in the list, always smaller than its own; null = it begins a path. */
  readonly parent: number | null;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly inclusion: Inclusion;
  readonly createdAt: number;
  readonly editedAt: number | null;
  readonly model: string | null;
  readonly stats: ReplyStats | null;
  readonly error: string | null;
  /** Earlier texts, the oldest first. */
  readonly revisions: readonly { readonly text: string; readonly editedAt: number | null }[];
  readonly attachments: readonly ImportedAttachment[];
};

/** A preset of the user that came with a chat. */
type ImportedPreset = {
  readonly id: string;
  readonly name: string;
  readonly values: PresetValues;
  readonly origin: string;
};

/** Who talks in a chat; who came along is added, unless somebody of that id is known here. */
type ImportedCast = {
  readonly characterId: string | null;
  readonly personaId: string | null;
  readonly mode: Chat['mode'];
  readonly chatCommand: string;
  readonly character: WithPicture<OwnCharacter> | null;
  readonly persona: WithPicture<OwnPersona> | null;
};

type WithPicture<Own> = Omit<Own, 'picture' | 'lacksPicture'> & { readonly picture: Picture | null };

/** The cast of a chat with the model itself. */
export const nobody: ImportedCast = {
  ...{
    characterId: null,
    personaId: null,
    mode: 'instruct',
    chatCommand: '',
    character: null,
    persona: null,
  },
};

/** What of a source could not be kept as it was, and how often. */
export type Losses = Partial<Record<LossKind, number>>;

/** Times are milliseconds since 1970. */
export type ImportedChat = ImportedCast & {
  /** Null = its first words name it. */
  readonly title: string | null;
  readonly titleBy: 'words' | 'model' | 'user';
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly level: Level;
  /** The preset that the level names, where it came along. */
  readonly preset: ImportedPreset | null;
  readonly overflow: OverflowPolicy;
  readonly startReplyWith: string;
  /** The name of its folder; null = none. */
  readonly folder: string | null;
  readonly tags: readonly string[];
  readonly pinnedAt: number | null;
  readonly archivedAt: number | null;
  readonly messages: readonly ImportedMessage[];
  /** The place of the last message of the path that is shown; null = there are no messages. */
  readonly leaf: number | null;
  readonly losses: Losses;
};
