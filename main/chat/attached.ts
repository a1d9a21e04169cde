/** Owns how the files of a message stand in its prompt; never reads a file. */
import type { AttachmentPart, AttachmentWithText } from '../../preload/contract/attachments.js';

/** What of an attachment its prompt depends on. */
export type Attached = Pick<AttachmentWithText, 'name' | 'text' | 'part' | 'details'>;

/**
 * A message with its files before its text, a blank line after each. A file is one line that names it, then its text
 * between two fences of backticks as in Markdown (CommonMark, section 4.5), longer than any row of backticks in it:
 *
 *     File "notes.txt":
 *     ```
 *     …
 *     ```
 */
export function withAttachments(text: string, attachments: readonly Attached[]): string {
  return [...attachments.map(attachedBlock), ...(text === '' && attachments.length > 0 ? [] : [text])].join(
    '\n\n',
  );
}

/** One file as the model is given it. */
export function attachedBlock({ name, text, part, details }: Attached): string {
  const sent = partOf(text, part);
  const fence = '`'.repeat(Math.max(3, longestRow(sent) + 1));
  const label = partLabel(text, part, details.pages);
  const head = `File "${plainName(name)}"${label === null ? '' : ` (${label})`}:`;
  return `${head}\n${fence}\n${sent}${sent.endsWith('\n') ? '' : '\n'}${fence}`;
}

/** The text that is sent; between pages stands a blank line. */
function partOf(text: string, part: AttachmentPart): string {
  const chosen =
    part.kind === 'start'
      ? text.slice(0, part.characters)
      : part.kind === 'pages'
        ? text
            .split('\f')
            .slice(part.from - 1, part.to)
            .join('\f')
        : text;
  return chosen.replaceAll('\f', '\n\n');
}

/** How the model is told that it has not all of a file; null when it has. */
function partLabel(text: string, part: AttachmentPart, pages: number | null): string | null {
  switch (part.kind) {
    case 'all':
      return null;
    case 'pages': {
      // eslint-disable-next-line altiplano/no-loose-text -- said to the model
      const which = part.from === part.to ? `page ${part.from}` : `pages ${part.from} to ${part.to}`;
      // eslint-disable-next-line altiplano/no-loose-text -- said to the model
      return pages === null ? which : `${which} of ${pages}`;
    }
    case 'start':
      // eslint-disable-next-line altiplano/no-loose-text -- said to the model
      return `its first ${part.characters} of ${text.length} characters`;
  }
}

function longestRow(text: string): number {
  let longest = 0;
  for (const [row] of text.matchAll(/`+/g)) longest = Math.max(longest, row.length);
  return longest;
}

/** One line without quotes or signs that can't be seen. */
const plainName = (name: string) => name.replace(/[\p{C}\p{Z}"`]+/gu, ' ').trim();
