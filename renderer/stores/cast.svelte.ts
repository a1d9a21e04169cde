/** Owns who talks in the open chat as the page shows it: names and pictures; main decides what the model is told. */
import { t } from '../../preload/contract/language.js';
import { type ChatMode } from '../../preload/contract/character-limits.js';
import type { CastChange, CharacterSummary, Persona } from '../../preload/contract/characters.js';
import type { PathMessage } from '../../preload/contract/chats.js';
import { request } from '../services/api.js';
import { characters } from './characters.svelte.js';
import { chats } from './chats.svelte.js';
import { notices } from './notices.svelte.js';
import { thread } from './thread.svelte.js';
import { undo } from './undo.svelte.js';

type Speaker = { readonly name: string; readonly picture: string | null };

class Cast {
  /** Whether the choice of who talks is open. */
  isChoosing = $state(false);

  get character(): CharacterSummary | undefined {
    return characters.find(chats.open?.characterId ?? null);
  }

  get persona(): Persona | undefined {
    return characters.persona(chats.open?.personaId ?? null);
  }

  get mode(): ChatMode {
    return chats.open?.mode ?? 'instruct';
  }

  get command(): string {
    return chats.open?.chatCommand ?? '';
  }

  /** Whether anything is other than in a chat with a model alone. */
  get isSet(): boolean {
    return this.character !== undefined || this.persona !== undefined || this.mode !== 'instruct';
  }

  /** All that the next prompt depends on. */
  get inForce(): unknown {
    return [this.character, this.persona, this.mode, this.command];
  }

  speaker({ role, model }: Pick<PathMessage, 'role' | 'model'>): Speaker {
    const who = role === 'user' ? this.persona : this.character;
    if (who !== undefined) return { name: 'nickname' in who ? who.nickname : who.name, picture: who.picture };
    return { name: role === 'user' ? t('You') : (model ?? t('Assistant')), picture: null };
  }

  /** Changes who talks in the open chat, which is made for it when it is new. */
  async change(change: CastChange): Promise<void> {
    const before = undo.state.undo;
    const chatId = thread.chatId ?? (await thread.makeChat());
    if (chatId === null) return;
    const done = await notices.guard(request('characters.cast', { chatId, cast: change }));
    if (done !== undefined && !('chatCommand' in change))
      undo.done(t('Changed who talks in this chat'), before);
  }
}

export const cast = new Cast();
