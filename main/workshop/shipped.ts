/** Owns the grammars and the families' templates as they come with the app; they can't be changed. */
import { shippedGrammarSchema, type WorkshopItem } from '../../preload/contract/workshop.js';
import { readParts, writeParts, type TemplateParts } from '../../preload/contract/template-parts.js';
import { families } from '../engine/templates/family-template.js';
import grammars from '../../resources/grammars/grammars.json';

/** Ids of what is shipped begin with it; what follows is the name. */
const prefix = 'shipped:';

const shippedGrammars: readonly WorkshopItem[] = shippedGrammarSchema
  .array()
  .parse(grammars)
  .map(({ text, ...grammar }) => ({
    ...grammar,
    id: `${prefix}${grammar.name}`,
    text: text.join('\n'),
    isOwn: false,
  }));

const familyTemplates = families.map((family): WorkshopItem => ({
  id: `${prefix}${family.id}`,
  form: 'parts',
  name: family.label,
  // What only a family has is none of a template's pieces.
  text: writeParts(readParts(JSON.stringify(family)) as TemplateParts),
  does: '',
  isOwn: false,
}));

export const shippedItems: readonly WorkshopItem[] = [...shippedGrammars, ...familyTemplates];

export const isShipped = (id: string): boolean => id.startsWith(prefix);
