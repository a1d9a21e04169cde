/** Owns conversations that a character begins: many templates want the user to speak first. */
import { AppError } from '../../../preload/contract/errors.js';
import type { PromptMessage } from '../../../preload/contract/engine.js';
import type { PromptTemplate } from './template.js';

/** What the user says first where a template insists; the template doctor shows it. */
// eslint-disable-next-line altiplano/no-loose-text -- said to the model
const opening: PromptMessage = { role: 'user', text: 'Begin.' };

/** The same template, which also takes turns that begin with the assistant's. */
export function takingGreetings(own: PromptTemplate): PromptTemplate {
  return {
    ...own,
    render: (messages) => {
      const first = messages.findIndex(({ role }) => role !== 'system');
      if (messages[first]?.role !== 'assistant') return own.render(messages);
      try {
        return own.render(messages);
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code !== 'template-failed') throw thrown;
        return own.render([...messages.slice(0, first), opening, ...messages.slice(first)]);
      }
    },
  };
}
