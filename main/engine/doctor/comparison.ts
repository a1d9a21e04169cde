/** Owns the form that the template in force should have, beside the one it has. */
import { t } from '../../../preload/contract/language.js';
import type { Inspection } from '../../../preload/contract/doctor.js';
import { guessFamily, sampleTurns, type Choice, type ModelTraits } from '../templates/choose.js';
import { familyTemplate } from '../templates/family-template.js';
import { ownTemplate, ownTemplateId } from '../templates/own-template.js';
import { joined, type PromptTemplate } from '../templates/template.js';

type Form = { readonly template: PromptTemplate; readonly label: string };

/**
 * The file's own template beside the original form of its family, or the family's that is in force beside the file's
 * own; null when there is only one.
 */
export function compareForms(traits: ModelTraits, choice: Choice): Inspection['comparison'] {
  const inForce = choice.template;
  const other = otherForm(traits, choice);
  if (other === null) return null;
  const turns = sampleTurns.slice(inForce.takesSystem && other.template.takesSystem ? 0 : 1);
  try {
    const [mine, theirs] = [inForce, other.template].map((template) => joined(template.render(turns)));
    return {
      inForce: withoutBos(mine!, theirs!, traits.bosText),
      inForceLabel: inForce.choice.label,
      other: withoutBos(theirs!, mine!, traits.bosText),
      otherLabel: other.label,
    };
  } catch {
    // One of them refuses a plain conversation.
    return null;
  }
}

/** A family's form leaves BOS to the tokenizer, where a template in a file may write it. */
function withoutBos(text: string, other: string, bosText: string): string {
  return bosText !== '' && text.startsWith(bosText) && !other.startsWith(bosText)
    ? text.slice(bosText.length)
    : text;
}

function otherForm(traits: ModelTraits, { template, family }: Choice): Form | null {
  if (template.choice.id === ownTemplateId) {
    const id = family?.id ?? guessFamily(traits).id;
    if (id === 'llama-base') return null;
    const original = familyTemplate(id);
    return {
      template: original,
      label: t('{template}, the original form', { template: original.choice.label }),
    };
  }
  if (traits.chatTemplate === null) return null;
  try {
    return { template: ownTemplate(traits.chatTemplate, traits), label: t('The file’s own template') };
  } catch {
    return null;
  }
}
