/** Owns which template a model gets and why: chosen by hand, carried by the file, or called for by its metadata or name. */
import { t, type Message } from '../../../preload/contract/language.js';
import type { PromptMessage } from '../../../preload/contract/engine.js';
import type { TemplateChoice } from '../../../preload/contract/models.js';
import type { WrittenTemplate } from '../../../preload/contract/template-preview.js';
import { AppError } from '../../../preload/contract/errors.js';
import { families, familyTemplate, type Family } from './family-template.js';
import { nameCallsFor, vocabularyCallsFor, type Guess } from './guess.js';
import { ownTemplate, ownTemplateId, type MarkTexts } from './own-template.js';
import { joined, type PromptTemplate } from './template.js';
import { writtenTemplate } from './written-template.js';

/** What is known of a model file when a template is chosen for it. */
export type ModelTraits = MarkTexts & {
  readonly chatTemplate: string | null;
  /** Names that the file gives itself, most telling first, each with where it stands. */
  readonly names: readonly { readonly reason: Message; readonly text: string }[];
  readonly fileName: string;
  /** Whether the vocabulary has a special token of this text. */
  readonly hasToken: (text: string) => boolean;
};

export type Choice = {
  readonly template: PromptTemplate;
  /** The family whose form the template has; null when it is none of the known ones. */
  readonly family: Family | null;
  /** In words, why it is this template. */
  readonly reason: string;
  /** In words, why it may be wrong for this model. */
  readonly warning: string | null;
};

/** All templates that can be chosen by hand. */
export function listTemplates(): TemplateChoice[] {
  return [
    { id: ownTemplateId, label: t('The model’s own') },
    ...families.map(({ id, label }) => ({ id, label })),
  ];
}

/** One that the user wrote; where it can't be used, what would be chosen without it. */
function byHand(model: ModelTraits, written: WrittenTemplate): Choice {
  try {
    const template = writtenTemplate(written, model);
    return { template, family: null, reason: t('You wrote it, and chose it for this model.'), warning: null };
  } catch (thrown) {
    const other = chooseTemplate(model, null);
    return { ...other, reason: `${AppError.from(thrown).message} ${other.reason}` };
  }
}

/**
 * The template for a model: the one chosen by hand, else the file's own, else what metadata, vocabulary or name of
 * the file call for.
 * @param written the one chosen by hand, where the user wrote it
 */
export function chooseTemplate(
  model: ModelTraits,
  chosenId: string | null,
  written?: WrittenTemplate,
): Choice {
  if (written !== undefined) return byHand(model, written);
  if (chosenId !== null && chosenId !== ownTemplateId) {
    return byFamily(model, { id: chosenId, reason: t('You chose it for this model.') });
  }
  const guess = guessFamily(model);
  try {
    const own = carried(model);
    if (own === null) return byFamily(model, guess);
    if (chosenId === ownTemplateId)
      return { ...own, reason: t('You chose it for this model. {reason}', { reason: own.reason }) };
    if (!isLeftByConversion(own.family, guess.id, model)) return own;
    return byFamily(model, {
      id: guess.id,
      reason: t(
        '{reason} The file carries the {family} form, which programs that convert models put into files of that time.',
        { reason: guess.reason, family: own.family!.label },
      ),
    });
  } catch (thrown) {
    const { reason, id } = guess;
    return byFamily(model, { id, reason: `${AppError.from(thrown).message} ${reason}` });
  }
}

/** What all but a template in the file say of the model's family. */
export function guessFamily(model: ModelTraits): Guess {
  return (
    guesses(model)[0] ?? {
      id: 'llama-base',
      reason: t(
        'Nothing says how this model was trained to chat, so text is continued as it stands. Choose a template by hand if you know it.',
      ),
    }
  );
}

/** By metadata, then vocabulary, then the name of the file. */
function guesses({ names, hasToken, fileName }: ModelTraits): Guess[] {
  return [
    ...names.map(({ reason, text }) => nameCallsFor(text, reason)),
    vocabularyCallsFor(hasToken),
    nameCallsFor(fileName),
  ].filter((guess) => guess !== null);
}

function byFamily(model: ModelTraits, { id, reason }: Guess): Choice {
  const template = familyTemplate(id);
  const family = families.find((one) => one.id === id) ?? null;
  return { template, family, reason, warning: missingTokens(model, family) };
}

/** The file's own template; null when it has none. @throws AppError template-failed */
function carried(model: ModelTraits): Choice | null {
  if (model.chatTemplate === null) return null;
  const template = ownTemplate(model.chatTemplate, model);
  const family = recognise(template, model.bosText);
  return {
    template,
    family,
    reason:
      family === null
        ? t('The model file carries this template.')
        : t('The model file carries this template. It has the {family} form.', { family: family.label }),
    warning: missingTokens(model, family),
  };
}

/** Forms that many models were trained with, where nothing else is known. */
const common = ['chatml', 'vicuna-v1.1', 'alpaca', 'tinyllama-zephyr', 'llama2-chat'];
const mostCandidates = 3;

/** Other templates that the model may have been trained with, likeliest first. */
export function candidates(model: ModelTraits, { template, family }: Choice): TemplateChoice[] {
  const likely = [
    ...(model.chatTemplate === null ? [] : [ownTemplateId]),
    ...guesses(model).map(({ id }) => id),
    ...common,
  ];
  const suited = listTemplates().filter(({ id }) => {
    const tokens = families.find((one) => one.id === id)?.tokens ?? [];
    return id !== template.choice.id && id !== family?.id && tokens.every(model.hasToken);
  });
  return [...new Set(likely)].flatMap((id) => suited.filter((one) => one.id === id)).slice(0, mostCandidates);
}

/** Two turns as a family's template and another one can be compared on. */
export const sampleTurns: readonly PromptMessage[] = [
  // eslint-disable-next-line altiplano/no-loose-text -- said to the model
  { role: 'system', text: 'Be brief.' },
  // eslint-disable-next-line altiplano/no-loose-text -- said to the model
  { role: 'user', text: 'Hello!' },
  // eslint-disable-next-line altiplano/no-loose-text -- said to the model
  { role: 'assistant', text: 'Hi, how can I help?' },
  // eslint-disable-next-line altiplano/no-loose-text -- said to the model
  { role: 'user', text: 'Name a colour.' },
];

/** The family that writes the same text for the same turns, BOS apart. */
function recognise(template: PromptTemplate, bosText: string): Family | null {
  const agree = (id: string, turns: readonly PromptMessage[]) => {
    const [text, expected] = [template, familyTemplate(id)].map((one) => renderSample(one, turns));
    return expected !== null && (text === expected || text === bosText + expected);
  };
  const alike = families.filter(({ id }) => familyTemplate(id).takesSystem && agree(id, sampleTurns));
  // Of forms that differ only in the system prompt they have by themselves, the one that agrees there too.
  return alike.find(({ id }) => agree(id, sampleTurns.slice(1))) ?? alike[0] ?? null;
}

function renderSample(template: PromptTemplate, turns: readonly PromptMessage[]): string | null {
  try {
    return joined(template.render(turns));
  } catch {
    return null;
  }
}

/**
 * Models of 2023 had no template in their files: one of another family's form was put there later, by the default of
 * a converting program. A vocabulary with that form's own marks speaks for it: the model was trained with them.
 */
function isLeftByConversion(form: Family | null, calledFor: string, { hasToken }: ModelTraits): boolean {
  if (form === null || form.id === calledFor || !familiesBeforeJinja.has(calledFor)) return false;
  const marks = form.tokens.filter((text) => !tokensOfLlama.has(text));
  return marks.length === 0 || !marks.every(hasToken);
}

/** These are in every LLaMA vocabulary. */
const tokensOfLlama: ReadonlySet<string> = new Set(['<s>', '</s>']);

const familiesBeforeJinja: ReadonlySet<string> = new Set([
  'alpaca',
  'vicuna-v0',
  'vicuna-v1.1',
  'koala',
  'wizardlm-7b',
  'oasst-llama',
  'oasst-llama2-orca',
]);

function missingTokens(model: ModelTraits, family: Family | null): string | null {
  const missing = family?.tokens.filter((text) => !model.hasToken(text)) ?? [];
  if (missing.length === 0) return null;
  return t(
    'This model has no special token for {marks}: it reads {count, plural, one {it} other {them}} as plain text, so the template is probably not the one it was trained with.',
    { marks: missing.join(', '), count: missing.length },
  );
}
