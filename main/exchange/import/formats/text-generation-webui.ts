/**
 * Owns reading the chat histories of text-generation-webui: pairs of texts in `internal` and `visible`, since 2025 with
 * `metadata` (times, models, versions, attachments); before May 2023 in `data` and `data_visible`.
 */
import { t } from '../../../../preload/contract/language.js';
import { toChat } from '../chat.js';
import { asText, DraftPath, fenced, LossCount, textAttachment, type Draft } from '../draft.js';
import { chatPerPiece, Unreadable } from '../format.js';
import type { ImportedAttachment } from '../neutral.js';
import { fields, list, name, place, records, text, timeMs, type Fields } from '../values.js';

/** Stands where the user said nothing, since the character speaks first. */
const opening = '<|BEGIN-VISIBLE-CHAT|>';

const isPair = (value: unknown): boolean => Array.isArray(value) && value.length >= 2;

export const textGenerationWebui = chatPerPiece(
  'text-generation-webui',
  (value) => {
    const file = fields(value);
    const pairs = file?.['internal'] ?? file?.['data'];
    return Array.isArray(pairs) && pairs.every(isPair) && ('internal' in file! || 'data_visible' in file!);
  },
  (value, { modifiedMs }) => {
    const file = fields(value);
    if (file === null) throw new Unreadable(t('It is no history of a chat.'));
    const internal = list(file['internal'] ?? file['data']);
    const visible = list(file['visible'] ?? file['data_visible']);
    const metadata = fields(file['metadata']) ?? {};
    const losses = new LossCount();
    const path = new DraftPath();
    for (const at of Array.from({ length: Math.max(internal.length, visible.length) }).keys()) {
      const said = list(internal[at]);
      const shown = list(visible[at]);
      const sides = ['user', 'assistant'] as const;
      for (const [side, role] of sides.entries()) {
        const raw = text(said[side]);
        const own = raw === '' ? unescapeHtml(text(shown[side])) : raw === opening ? '' : raw;
        addTurn(path, role, own, fields(metadata[`${role}_${at}`]) ?? {}, losses);
      }
    }
    return toChat({ nodes: path.nodes, shownId: path.shownId, losses }, modifiedMs);
  },
);

function addTurn(
  path: DraftPath,
  role: 'user' | 'assistant',
  own: string,
  facts: Fields,
  losses: LossCount,
): void {
  const model = role === 'assistant' ? name(facts['model_name']) : null;
  const attachments = attachmentsOf(facts, losses);
  const tools = records(facts['tool_sequence']).map(asText);
  losses.add('tools', tools.length);
  const draft = (content: string, time: unknown): Draft => ({
    role,
    text: [...tools.map((use) => fenced('tool', use)), content].filter((part) => part !== '').join('\n\n'),
    createdAt: timeMs(time),
    model,
    attachments,
  });
  const versions = records(facts['versions']);
  if (own === '' && versions.length === 0 && attachments.length === 0) return;
  const current = place(facts['current_version_index'], versions.length) ?? versions.length - 1;
  if (versions.length === 0) return path.add([draft(own, facts['timestamp'])]);
  path.add(
    versions.map((version, at) =>
      // The text of the current one is that of the turn itself, which may have been edited since.
      draft(
        at === current && own !== '' ? own : text(version['content']),
        version['timestamp'] ?? facts['timestamp'],
      ),
    ),
    current,
  );
}

function attachmentsOf(facts: Fields, losses: LossCount): ImportedAttachment[] {
  return records(facts['attachments']).flatMap((attachment) => {
    const content = text(attachment['content']);
    const isPicture = text(attachment['type']).startsWith('image');
    if (isPicture || content === '') {
      losses.add(isPicture ? 'pictures' : 'files');
      return [];
    }
    return [textAttachment(name(attachment['name']) ?? t('File'), content)];
  });
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
};

const unescapeHtml = (html: string): string =>
  html.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, entity: string) => entities[entity]!);
