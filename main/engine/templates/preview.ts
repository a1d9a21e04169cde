/** Owns what a template that is being written makes of a short conversation; nothing is sent and no model is touched. */
import { AppError } from '../../../preload/contract/errors.js';
import type { TemplatePreview, WrittenTemplate } from '../../../preload/contract/template-preview.js';
import { findingsOf } from '../doctor/findings.js';
import type { EngineModel } from '../model.js';
import { sourcedTokens } from '../tokens.js';
import { sampleTurns } from './choose.js';
import { joined } from './template.js';
import { writtenTemplate } from './written-template.js';

/** Where no model is loaded. */
const plainMarks = { bosText: '<s>', eosText: '</s>' };

/** @param engine null = no model is loaded: no tokens then */
export function previewTemplate(
  engine: Pick<EngineModel, 'traits' | 'vocabulary' | 'model'> | null,
  written: WrittenTemplate,
): TemplatePreview {
  try {
    const template = writtenTemplate(written, engine?.traits ?? plainMarks);
    const segments = template.render(template.takesSystem ? sampleTurns : sampleTurns.slice(1));
    const shown = { state: 'good' as const, text: joined(segments), stops: [...template.stops] };
    if (engine === null) return { ...shown, tokens: null, findings: [] };
    const { vocabulary, model } = engine;
    const tokens = sourcedTokens(segments, vocabulary, (some, before) =>
      model.detokenize(some, true, before),
    );
    const isEnd = (token: (typeof tokens)[number]['id']) => model.isEogToken(token);
    const findings = findingsOf({
      ...{ template, vocabulary, segments, tokens, isEnd },
      hasSystemPrompt: template.takesSystem,
      warning: null,
    });
    return { ...shown, tokens, findings };
  } catch (thrown) {
    const { details, message } = AppError.from(thrown);
    return { state: 'bad', problem: details ?? message };
  }
}
