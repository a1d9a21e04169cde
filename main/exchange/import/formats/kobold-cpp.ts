/**
 * Owns reading the saved stories of KoboldCpp: one text, cut into pieces where it was written, whose turns are told by the
 * marks of its mode.
 */
import { t } from '../../../../preload/contract/language.js';
import { toChat } from '../chat.js';
import { DraftPath, LossCount, type DraftRole } from '../draft.js';
import { chatPerPiece, Unreadable } from '../format.js';
import { fields, list, name, text, type Fields } from '../values.js';

const marks: readonly (readonly [DraftRole | 'end', string])[] = [
  ['user', '{{[INPUT]}}'],
  ['assistant', '{{[OUTPUT]}}'],
  ['system', '{{[SYSTEM]}}'],
  ['end', '{{[INPUT_END]}}'],
  ['end', '{{[OUTPUT_END]}}'],
  ['end', '{{[SYSTEM_END]}}'],
];
/** Numbers of the modes in its settings. */
const chatMode = 3;
const instructMode = 4;

export const koboldCpp = chatPerPiece(
  'kobold-cpp',
  (value) => {
    const story = fields(value);
    return (
      story !== null &&
      Array.isArray(story['actions']) &&
      ('gamestarted' in story || typeof story['prompt'] === 'string')
    );
  },
  (value, { name: title, modifiedMs }) => {
    const story = fields(value);
    if (story === null) throw new Unreadable(t('It is no saved story.'));
    const losses = new LossCount();
    const settings = fields(story['savedsettings']) ?? {};
    const whole = withoutPictures(
      [text(story['prompt']), ...list(story['actions']).map(text)].join(''),
      losses,
    );
    const path = new DraftPath();
    for (const turn of turnsOf(whole, settings)) {
      if (turn.text.trim() !== '') path.add([{ role: turn.role, text: turn.text.trim() }]);
    }
    losses.add('notes', list(story['worldinfo']).length + (text(story['authorsnote']).trim() === '' ? 0 : 1));
    const prompt = [text(story['memory']), text(settings['instruct_sysprompt'])].filter(
      (part) => part.trim() !== '',
    );
    return toChat({ title, systemPrompt: prompt.join('\n\n'), nodes: path.nodes, losses }, modifiedMs);
  },
);

type Turn = { readonly role: DraftRole; readonly text: string };

function turnsOf(whole: string, settings: Fields): Turn[] {
  if (marks.some(([, mark]) => whole.includes(mark))) return cut(whole, marks);
  const mode = Number(settings['opmode']);
  if (mode === instructMode) {
    const own = (key: string) => text(settings[key]).replaceAll('\\n', '\n').trim();
    const tags = [
      ['user', own('instruct_starttag')],
      ['assistant', own('instruct_endtag')],
      ['system', own('instruct_systag')],
    ] as const;
    return cut(
      whole,
      tags.filter(([, tag]) => tag !== ''),
    );
  }
  return mode === chatMode ? cutByNames(whole, settings) : [{ role: 'assistant', text: whole }];
}

const escaped = (literal: string): string => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What stands before the first mark opens the story. */
function cut(whole: string, tags: readonly (readonly [DraftRole | 'end', string])[]): Turn[] {
  if (tags.length === 0) return [{ role: 'assistant', text: whole }];
  const roleOf = new Map(tags.map(([role, tag]) => [tag, role]));
  const pieces = whole.split(new RegExp(`(${tags.map(([, tag]) => escaped(tag)).join('|')})`));
  const turns: Turn[] = [];
  let role: DraftRole = 'assistant';
  for (const piece of pieces) {
    const next = roleOf.get(piece);
    if (next === undefined) turns.push({ role, text: piece });
    else if (next !== 'end') role = next;
  }
  return turns;
}

/** Lines that begin with a name and a colon begin a turn. */
function cutByNames(whole: string, settings: Fields): Turn[] {
  const user = name(settings['chatname']) ?? 'You';
  const others = text(settings['chatopponent'])
    .split('||$||')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const names = [user, ...others].map(escaped).join('|');
  const pieces = whole.split(new RegExp(`(?:^|\\n)(${names}): ?`));
  const turns: Turn[] = [{ role: 'assistant', text: pieces[0] ?? '' }];
  for (let at = 1; at < pieces.length; at += 2) {
    const speaker = pieces[at]!;
    const said = pieces[at + 1] ?? '';
    // In a group it matters who speaks.
    const words = speaker !== user && others.length > 1 ? `${speaker}: ${said}` : said;
    turns.push({ role: speaker === user ? 'user' : 'assistant', text: words });
  }
  return turns;
}

function withoutPictures(whole: string, losses: LossCount): string {
  return whole.replace(/\[<\|[dp]\|[\s\S]*?\|[dp]\|>\]/g, () => {
    losses.add('pictures');
    return '';
  });
}
