/** Owns what holds for a chat's prompts and replies, from every level together; which level wins is decided elsewhere. */
import type { Chat } from '../../preload/contract/chats.js';
import { emptyLevel, resolve, type InForce } from '../../preload/contract/levels.js';
import type { Settings } from '../../preload/contract/settings.js';
import type { Presets } from '../presets/presets.js';

/** @param chat null = outside every chat @param modelPath left out: the chosen one */
export type InForceFor = (
  chat: Pick<Chat, 'level'> | null,
  modelPath?: string,
) => Promise<Pick<InForce, 'sampling' | 'systemPrompt'>>;

export function makeInForce(presets: Pick<Presets, 'list'>, settings: () => Settings): InForceFor {
  return async (chat, ofModel) => {
    const { presetId, systemPrompt, sampling, modelPath, modelLevels } = settings();
    const levels = {
      everywhere: { presetId, systemPrompt, sampling },
      model: modelLevels[ofModel ?? modelPath ?? ''] ?? emptyLevel,
      chat: chat?.level ?? emptyLevel,
    };
    // Most chats have no preset: they need not wait for the database.
    const hasPreset = Object.values(levels).some((level) => level.presetId !== null);
    const list = hasPreset ? await presets.list() : [];
    return resolve(levels, (id) => list.find((preset) => preset.id === id)?.values);
  };
}
