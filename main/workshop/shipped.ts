/** Owns the grammars that come with the app; they can't be changed. */
import { shippedGrammarSchema, type WorkshopItem } from '../../preload/contract/workshop.js';
import grammars from '../../resources/grammars/grammars.json';

/** Ids of what is shipped begin with it; what follows is the name. */
const prefix = 'shipped:';

export const shippedItems: readonly WorkshopItem[] = shippedGrammarSchema
  .array()
  .parse(grammars)
  .map(({ text, ...grammar }) => ({
    ...grammar,
    id: `${prefix}${grammar.name}`,
    text: text.join('\n'),
    isOwn: false,
  }));

export const isShipped = (id: string): boolean => id.startsWith(prefix);
