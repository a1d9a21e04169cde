/** Owns prompt templates: how turns become the text that a model was trained on; never tokens. */
import { Template } from '@huggingface/jinja';
import type { PromptMessage } from '../../preload/contract/engine.js';
import type { TemplateChoice } from '../../preload/contract/models.js';
import { AppError } from '../../preload/contract/errors.js';
import data from '../../resources/templates/templates.json';

/**
 * A piece of a prompt. In `template` pieces the names of special tokens are those tokens; in the others they are
 * plain text, so that nobody can end a turn by typing `</s>`.
 */
export type Segment = {
  readonly source: 'template' | 'system' | 'user' | 'assistant';
  readonly text: string;
};

export type PromptTemplate = {
  readonly choice: TemplateChoice;
  /** Texts at which a reply ends, besides the model's own end tokens: always the head of a user turn too. */
  readonly stops: readonly string[];
  /**
   * The prompt for the turns. A last turn of the assistant is left open, to be continued; else the head of a new
   * reply ends the prompt.
   */
  readonly render: (messages: readonly PromptMessage[]) => Segment[];
};

/** What is known of a model file when a template is chosen for it. */
export type ModelTraits = {
  readonly chatTemplate: string | null;
  readonly name: string;
  readonly fileName: string;
  readonly bosText: string;
  readonly eosText: string;
};

type TemplateData = (typeof data)[number];

/** Id of the template that the file itself carries. */
const ownTemplateId = 'model';

/** All templates that can be chosen by hand. */
export function listTemplates(): TemplateChoice[] {
  return [{ id: ownTemplateId, label: 'The model’s own' }, ...data.map(({ id, label }) => ({ id, label }))];
}

/**
 * The template for a model: the one chosen by hand, else the file's own, else the one its name calls for.
 * @returns the template and, in words, why it is this one
 */
export function chooseTemplate(
  model: ModelTraits,
  chosenId: string | null,
): { readonly template: PromptTemplate; readonly reason: string } {
  if (chosenId !== null && chosenId !== ownTemplateId) {
    return { template: dataTemplate(chosenId), reason: 'You chose it for this model.' };
  }
  if (model.chatTemplate !== null) {
    try {
      return {
        template: jinjaTemplate(model, model.chatTemplate),
        reason: 'The model file carries this template.',
      };
    } catch (thrown) {
      const found = byName(model);
      return {
        template: dataTemplate(found.id),
        reason: `The file’s own template can’t be read (${thrown instanceof Error ? thrown.message : 'unknown'}). ${found.reason}`,
      };
    }
  }
  const found = byName(model);
  return { template: dataTemplate(found.id), reason: found.reason };
}

/** Tried in order: the more particular names stand first. */
const nameRules: readonly (readonly [RegExp, string, string])[] = [
  [/wizard-?lm[-_ ]?(?:13|30)b|wizard-?vicuna/i, 'vicuna-v1.1', 'WizardLM'],
  [/wizard-?lm/i, 'wizardlm-7b', 'WizardLM 7B'],
  [/gpt4-?x-?alpaca|alpaca/i, 'alpaca', 'Alpaca'],
  [/vicuna[-_ .]*(?:\d+b[-_ .]*)?v?0(?![.\d])/i, 'vicuna-v0', 'Vicuna v0'],
  [/vicuna/i, 'vicuna-v1.1', 'Vicuna'],
  [/koala/i, 'koala', 'Koala'],
  [/(?:oasst|open-?assistant).*(?:orca|llama-?2)/i, 'oasst-llama2-orca', 'OpenAssistant Orca'],
  [/oasst|open-?assistant/i, 'oasst-llama', 'OpenAssistant'],
  [/tinyllama.*chat|zephyr/i, 'tinyllama-zephyr', 'TinyLlama Chat'],
  [/llama-?3.*instruct/i, 'llama3.2', 'Llama 3 Instruct'],
  [/llama-?2.*chat/i, 'llama2-chat', 'Llama 2 Chat'],
  [/smollm2.*instruct|chatml/i, 'chatml-smollm2', 'SmolLM2'],
];

function byName({ name, fileName }: ModelTraits): { id: string; reason: string } {
  for (const [where, text] of [
    ['name in the file', name],
    ['file name', fileName],
  ] as const) {
    const rule = nameRules.find(([pattern]) => pattern.test(text));
    if (rule !== undefined) return { id: rule[1], reason: `The ${where} says ${rule[2]}.` };
  }
  return {
    id: 'llama-base',
    reason:
      'Nothing says how this model was trained to chat, so text is continued as it stands. Choose a template by hand if you know it.',
  };
}

function dataTemplate(id: string): PromptTemplate {
  const found = data.find((template) => template.id === id);
  if (found === undefined) {
    throw new AppError({
      code: 'bad-input',
      message: `There is no prompt template named ${id}.`,
      hint: `These are known: ${data.map((template) => template.id).join(', ')}.`,
    });
  }
  const userHead = found.userPrefix.trim();
  return {
    choice: { id: found.id, label: found.label },
    stops: [...new Set([...found.stop, ...(userHead === '' ? [] : [userHead])])],
    render: (messages) => merge(renderData(found, messages)),
  };
}

function renderData(template: TemplateData, messages: readonly PromptMessage[]): Segment[] {
  const piece = (text: string): Segment => ({ source: 'template', text });
  const system = messages.filter(({ role }) => role === 'system').map(({ text }) => text);
  const turns = messages.filter(({ role }) => role !== 'system');
  const segments = renderSystem(template, system.join('\n\n') || template.defaultSystem);
  turns.forEach(({ role, text }, index) => {
    const last = index === turns.length - 1;
    if (role === 'user') {
      segments.push(piece(index === 0 ? template.userPrefix : template.nextUserPrefix));
      segments.push({ source: 'user', text }, piece(template.userSuffix));
      if (last || turns[index + 1]?.role === 'assistant') segments.push(piece(template.assistantPrefix));
    } else {
      if (index === 0) segments.push(piece(template.assistantPrefix));
      segments.push(piece(template.assistantJoin), { source: 'assistant', text });
      if (!last) segments.push(piece(template.assistantSuffix));
    }
  });
  return segments;
}

function renderSystem(template: TemplateData, text: string): Segment[] {
  const [before, after] = template.system.replace('{date}', today()).split('{system}');
  if (text === '' || after === undefined) {
    return [{ source: 'template', text: template.noSystem.replace('{date}', today()) }];
  }
  return [
    { source: 'template', text: before ?? '' },
    { source: 'system', text },
    { source: 'template', text: after },
  ];
}

/** As Llama 3's template writes it: 26 Jul 2024. */
function today(): string {
  const now = new Date();
  const month = now.toLocaleString('en-US', { month: 'short' });
  return `${String(now.getDate()).padStart(2, '0')} ${month} ${now.getFullYear()}`;
}

/** The template that the file carries, in the Jinja of Hugging Face's chat templates. */
function jinjaTemplate(model: ModelTraits, source: string): PromptTemplate {
  const template = new Template(source);
  const render = (messages: readonly { role: string; content: string }[], open: boolean) =>
    template.render({
      messages,
      add_generation_prompt: open,
      bos_token: model.bosText,
      eos_token: model.eosText,
      date_string: today(),
    });
  const segments = (messages: readonly PromptMessage[]) => renderJinja(render, messages);
  // A template that can't render a plain turn is not usable; better known now than at the first message.
  const probe = segments([{ role: 'user', text: 'probe' }]);
  return {
    choice: { id: ownTemplateId, label: 'The model’s own' },
    stops: userHeads(probe),
    render: segments,
  };
}

/** What stands before a user's text, when it is more than white space: a reply that writes it plays the user. */
function userHeads(probe: readonly Segment[]): string[] {
  const user = probe.findIndex(({ source }) => source === 'user');
  const before = probe[user - 1]?.text ?? '';
  const head = /(?:<\|[^|<>]+\|>[^<>]*|[^\n]*)$/.exec(before.trimEnd())?.[0].trim() ?? '';
  return head === '' ? [] : [head];
}

/**
 * Renders twice: with marks in place of the texts, to know what is the template's own, and with the texts, which is
 * what the model must get. Where both agree the texts are told apart.
 */
function renderJinja(
  render: (messages: readonly { role: string; content: string }[], open: boolean) => string,
  messages: readonly PromptMessage[],
): Segment[] {
  const continued = messages.at(-1)?.role === 'assistant';
  const mark = (index: number) => `\uE000${index}\uE001`;
  const marked = render(
    messages.map(({ role }, index) => ({ role, content: mark(index) })),
    !continued,
  );
  const segments: Segment[] = [];
  let rest = marked;
  messages.forEach(({ role, text }, index) => {
    const at = rest.indexOf(mark(index));
    if (at < 0) return;
    segments.push({ source: 'template', text: rest.slice(0, at) }, { source: role, text });
    rest = rest.slice(at + mark(index).length);
  });
  if (/\uE000\d+\uE001/.test(rest)) throw new Error('the template repeats or reorders messages');
  if (!continued) segments.push({ source: 'template', text: rest });
  const plain = render(
    messages.map(({ role, text }) => ({ role, content: text })),
    !continued,
  );
  return merge(agree(segments, plain, continued));
}

/** Templates may trim the texts; then the trimmed ones are what the model gets. */
function agree(segments: readonly Segment[], plain: string, continued: boolean): Segment[] {
  const trimmed = segments.map((segment) =>
    segment.source === 'template' ? segment : { ...segment, text: segment.text.trim() },
  );
  const fits = (candidate: readonly Segment[]) => {
    const text = candidate.map((segment) => segment.text).join('');
    return continued ? plain.startsWith(text) : plain === text;
  };
  return [...(fits(segments) || !fits(trimmed) ? segments : trimmed)];
}

/** Joins neighbours of the same source and drops empty pieces. */
function merge(segments: readonly Segment[]): Segment[] {
  const merged: { source: Segment['source']; text: string }[] = [];
  for (const { source, text } of segments) {
    const last = merged.at(-1);
    if (text === '') continue;
    if (last?.source === source) last.text += text;
    else merged.push({ source, text });
  }
  return merged;
}
