/** Owns the prompt set that comes with the app; it can't be changed. */
import { shippedPromptsSchema, type Prompt, type PromptContent } from '../../preload/contract/prompt-sets.js';
import evaluation from '../../resources/prompts/evaluation.json';

const { name, does, prompts, tasks } = shippedPromptsSchema.parse(evaluation);

/** Ids of what is shipped begin with it. */
const prefix = 'shipped:';
const setId = `${prefix}evaluation`;

const contents: readonly PromptContent[] = [
  ...prompts.map(({ category, text, reference = '' }) => ({ category, level: null, text, reference })),
  ...tasks.flatMap(({ task, constraints }) =>
    constraints.map((_, index) => ({
      category: 'instructions',
      level: index + 1,
      text: [task, ...constraints.slice(0, index + 1)].join(' '),
      reference: '',
    })),
  ),
];

export const shippedSet = { id: setId, name, does } as const;

export const shippedPrompts: readonly Prompt[] = contents.map((content, index) => ({
  ...content,
  id: `${setId}:${index + 1}`,
  setId,
}));

export const isShipped = (id: string): boolean => id.startsWith(prefix);
