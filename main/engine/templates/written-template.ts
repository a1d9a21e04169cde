/** Owns prompt templates that the user wrote: as pieces, or as Jinja; says what is wrong with one, and where. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { readParts } from '../../../preload/contract/template-parts.js';
import type { WrittenTemplate } from '../../../preload/contract/template-preview.js';
import { partsTemplate } from './family-template.js';
import { lineOfProblem } from './jinja-problem.js';
import { ownTemplate, type MarkTexts } from './own-template.js';
import type { PromptTemplate } from './template.js';

/**
 * @throws AppError template-failed; its details say what is wrong, with `Line N: ` before it where a line is known
 */
export function writtenTemplate({ id, name, form, text }: WrittenTemplate, marks: MarkTexts): PromptTemplate {
  const choice = { id, label: name };
  if (form === 'parts') {
    const parts = readParts(text);
    if (typeof parts === 'string') throw unusable(name, parts);
    return partsTemplate(parts, choice);
  }
  if (text.trim() === '') throw unusable(name, t('There is nothing in it yet.'));
  try {
    return { ...ownTemplate(text, marks), choice };
  } catch (thrown) {
    const { details, message } = AppError.from(thrown);
    const found = lineOfProblem(text);
    if (found !== null)
      throw unusable(name, t('Line {line}: {problem}.', { line: found.line, problem: found.problem }));
    throw unusable(name, details ?? message);
  }
}

function unusable(name: string, problem: string): AppError {
  return new AppError({
    code: 'template-failed',
    message: t('Your template “{name}” can’t be used: {problem}', { name, problem }),
    hint: t('Mend it under Parameters, Templates, or choose another one.'),
    details: problem,
  });
}
