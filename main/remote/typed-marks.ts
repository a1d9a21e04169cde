/** Owns that a mark which a person typed stays text where a server reads marks in the whole prompt. */
import type { Segment } from '../engine/templates/template.js';

/** As vocabularies write their special tokens. */
const marks = /<(?=\|[^<>|\s]{1,40}\|>|\/?s>|unk>|pad>)/g;
/** Joins words and is not seen (Unicode's WORD JOINER): with it inside, the text of a mark is no mark. */
const joiner = '\u2060';

/** The same prompt with an unseen letter in each mark that the template did not write. */
export const withoutTypedMarks = (segments: readonly Segment[]): Segment[] =>
  segments.map(({ source, text }) =>
    source === 'template' ? { source, text } : { source, text: text.replace(marks, `<${joiner}`) },
  );
