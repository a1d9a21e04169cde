/** Owns what is sound or not about a prompt and its template, in words; never changes either. */
import { t } from '../../../preload/contract/language.js';
import type { Token } from 'node-llama-cpp';
import type { Finding } from '../../../preload/contract/doctor.js';
import { leadingMark, type PromptTemplate, type Segment } from '../templates/template.js';
import type { PromptToken, Vocabulary } from '../tokens.js';

export type Prompted = {
  readonly template: PromptTemplate;
  readonly vocabulary: Pick<Vocabulary, 'bos' | 'addBos' | 'controlTokens' | 'tokenize'>;
  readonly segments: readonly Segment[];
  readonly tokens: readonly PromptToken[];
  /** Whether the model ends its replies with this token. */
  readonly isEnd: (token: Token) => boolean;
  /** Whether a system prompt is set. */
  readonly hasSystemPrompt: boolean;
  /** Why the template may be wrong for this model; null when nothing speaks against it. */
  readonly warning: string | null;
};

/** Warnings first. */
export function findingsOf(prompted: Prompted): Finding[] {
  const order = { warning: 0, note: 1, good: 2 };
  return [
    ...(prompted.warning === null ? [] : [warning(prompted.warning)]),
    aboutBos(prompted),
    aboutEnd(prompted),
    aboutStops(prompted),
    ...aboutSystem(prompted),
    ...aboutTypedMarks(prompted),
    ...aboutLastSpace(prompted),
  ].sort((a, b) => order[a.level] - order[b.level]);
}

const good = (text: string): Finding => ({ level: 'good', text });
const note = (text: string): Finding => ({ level: 'note', text });
const warning = (text: string): Finding => ({ level: 'warning', text });

function aboutBos({ vocabulary, segments, tokens }: Prompted): Finding {
  const { bos, addBos, controlTokens } = vocabulary;
  const name = nameOf(bos, controlTokens);
  if (bos === null) return good(t('The model has no BOS token, and none is sent.'));
  const written = segments[0]?.source === 'template' ? segments[0].text : '';
  if (name !== '' && written.startsWith(name + name)) {
    return warning(t('The template writes BOS ({name}) twice at the start. It is sent once.', { name }));
  }
  if (tokens.some(({ id }, index) => id === bos && tokens[index + 1]?.id === bos)) {
    return warning(t('BOS ({name}) stands twice in a row inside the prompt.', { name }));
  }
  if (tokens[0]?.id === bos) return good(t('BOS ({name}) stands once, at the start.', { name }));
  if (tokens.some(({ id }) => id === bos))
    return warning(t('BOS ({name}) stands inside the prompt but not at its start.', { name }));
  return addBos
    ? warning(t('The model wants BOS ({name}) at the start, and there is none.', { name }))
    : good(t('The model wants no BOS, and none is sent.'));
}

function aboutEnd({ template, vocabulary, isEnd }: Prompted): Finding {
  const mark = leadingMark(template.replyEnd);
  if (mark === null) {
    return template.replyEnd.trim() === '' && template.userHead === ''
      ? note(t('The template has no end of a reply: text is continued until you stop it, or the model does.'))
      : note(
          t(
            'Earlier replies end with plain text, so the reply ends at a stop string or with the model’s own end token.',
          ),
        );
  }
  const token = vocabulary.controlTokens.get(mark);
  if (token === undefined) {
    const pieces = vocabulary.tokenize(mark).length;
    return warning(
      t(
        '{mark} should end a reply, but it is no token of this model: it is sent as {pieces} pieces of text, which the model never learned to write as an end.',
        { mark, pieces },
      ),
    );
  }
  return isEnd(token)
    ? good(t('Replies end with {mark}, an end token of this model.', { mark }))
    : warning(
        t(
          'Replies end with {mark}, but the model file does not list it as an end token. The app stops there all the same.',
          { mark },
        ),
      );
}

function aboutStops({ template }: Prompted): Finding {
  const { userHead, stops } = template;
  if (userHead === '') {
    return note(
      t('User turns have no head in this template, so a model that plays the user can’t be stopped by it.'),
    );
  }
  return stops.some((stop) => userHead.startsWith(stop) || stop === userHead)
    ? good(t('A reply that goes on as the user stops at “{userHead}”.', { userHead }))
    : warning(t('No stop string holds a reply that goes on as the user with “{userHead}”.', { userHead }));
}

function aboutSystem({ template, hasSystemPrompt, segments }: Prompted): Finding[] {
  if (!hasSystemPrompt || segments.some(({ source }) => source === 'system')) return [];
  return [
    warning(
      template.takesSystem
        ? t('Your system prompt is not part of this prompt.')
        : t('This template has no place for a system prompt: yours is not sent.'),
    ),
  ];
}

/** Marks in what people wrote; the template's own never show here. */
function aboutTypedMarks({ segments, vocabulary }: Prompted): Finding[] {
  const typed = segments.filter(({ source }) => source !== 'template').map(({ text }) => text);
  const names = [...vocabulary.controlTokens.keys()].filter((name) =>
    typed.some((text) => text.includes(name)),
  );
  if (names.length === 0) return [];
  return [
    note(
      t('{marks} in your texts is sent as plain text: nobody ends a turn by typing it.', {
        marks: names.join(', '),
      }),
    ),
  ];
}

function aboutLastSpace({ segments, tokens }: Prompted): Finding[] {
  if (segments.at(-1)?.source !== 'template' || tokens.at(-1)?.text !== ' ') return [];
  return [
    warning(
      t(
        'The prompt ends with a space. Words begin with their own space for most models, so replies get worse.',
      ),
    ),
  ];
}

function nameOf(token: Token | null, controlTokens: Vocabulary['controlTokens']): string {
  return [...controlTokens].find(([, id]) => id === token)?.[0] ?? '';
}
