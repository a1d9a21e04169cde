/** Owns reading the text of a Word document (WordprocessingML, ECMA-376 part 1, section 17) as Markdown; no pictures, headers or comments. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import { bytesInMemory } from '../models/forge/exact-bytes.js';
import { readZipDirectory, unpackEntry, type ZipEntry } from '../models/forge/zip.js';
import { details, unreadable, type Extracted } from './extracted.js';
import { attribute, xmlEvents } from './xml.js';

const body = 'word/document.xml';
/** Each with the label of its notes in the text. */
const notes = [
  { entry: 'word/footnotes.xml', element: 'w:footnote', mark: '' },
  { entry: 'word/endnotes.xml', element: 'w:endnote', mark: 'e' },
] as const;
const styles = 'word/styles.xml';

/** Of an archive that is not trusted. */
const limits = { entries: 10_000, unpackedBytes: 64 * 2 ** 20 };

/**
 * Headings, lists, tables and notes as in Markdown; text that a review took out is left out.
 * @throws AppError bad-input for what is no Word document, is damaged, or unpacks to absurd sizes
 */
export async function readDocx(bytes: Buffer): Promise<Extracted> {
  const file = bytesInMemory(t('This document'), bytes);
  const entries = await readZipDirectory(file);
  if (!entries.has(body)) throw otherArchive(entries);
  if (entries.size > limits.entries) {
    throw unreadable(
      t('This document has an absurd number of parts.'),
      t('Save it anew in a word processor.'),
    );
  }
  let leftBytes = limits.unpackedBytes;
  const xmlOf = async (name: string) => {
    const entry = entries.get(name);
    if (entry === undefined) return '';
    if (entry.isEncrypted) {
      throw unreadable(t('This document is locked by a password.'), t('Save a copy without the password.'));
    }
    const unpacked = await unpackEntry(file, name, entry, leftBytes);
    leftBytes -= unpacked.length;
    return unpacked.toString('utf8');
  };
  const headings = headingLevels(await xmlOf(styles));
  const parts = [markdownOf(await xmlOf(body), headings)];
  for (const { entry, element, mark } of notes) parts.push(...notesOf(await xmlOf(entry), element, mark));
  const text = parts.filter((part) => part !== '').join('\n\n');
  return { kind: 'docx', text, details: details() };
}

/** What the archive is instead, told by the parts that its kind must have. */
function otherArchive(entries: ReadonlyMap<string, ZipEntry>): AppError {
  if (entries.has('xl/workbook.xml')) {
    return unreadable(t('Excel workbooks can’t be read.'), t('Save the sheet as CSV and attach that.'));
  }
  if (entries.has('ppt/presentation.xml')) {
    return unreadable(t('PowerPoint files can’t be read.'), t('Export the slides as a PDF and attach that.'));
  }
  if (entries.has('content.xml') || entries.has('mimetype')) {
    return unreadable(
      t('This kind of document can’t be read.'),
      t('Save it as Word (.docx) or PDF and attach that.'),
    );
  }
  return unreadable(t('Archives can’t be read.'), t('Unpack it and attach the files in it.'));
}

/** Levels of the styles that are headings: their ids are translated, their names are not. */
function headingLevels(xml: string): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  let style: string | null = null;
  for (const event of xmlEvents(xml)) {
    if (event.kind !== 'open') continue;
    if (event.name === 'w:style') style = attribute(event.attributes, 'w:styleId');
    const name = event.name === 'w:name' ? attribute(event.attributes, 'w:val') : null;
    const level = /^heading ([1-6])$/i.exec(name ?? '')?.[1] ?? (/^title$/i.test(name ?? '') ? '1' : null);
    if (style !== null && level !== null) levels.set(style, Number(level));
  }
  return levels;
}

function notesOf(xml: string, element: string, mark: string): string[] {
  const pattern = new RegExp(`<${element}\\b([^>]*)>([\\s\\S]*?)</${element}>`, 'g');
  return [...xml.matchAll(pattern)].flatMap(([, attributes = '', content = '']) => {
    const id = attribute(attributes, 'w:id');
    const text = markdownOf(content, new Map()).replaceAll('\n', ' ').trim();
    // Separators are notes too, without text.
    return text === '' ? [] : [`[^${mark}${id}]: ${text}`];
  });
}

/** Elements whose content is not shown: deletions, the source of moves, codes of fields, and second copies of drawings. */
const hidden = new Set(['w:del', 'w:moveFrom', 'w:instrText', 'w:delText', 'mc:Fallback']);
const signs: Readonly<Record<string, string>> = {
  'w:tab': '\t',
  'w:br': '\n',
  'w:cr': '\n',
  'w:noBreakHyphen': '‑',
  'w:softHyphen': '',
};

type Table = { readonly rows: string[][] };
type Block = { readonly text: string; readonly isListItem: boolean };

function markdownOf(xml: string, headings: ReadonlyMap<string, number>): string {
  /** Where finished paragraphs go: the document, or the innermost cell of a table. */
  const places: Block[][] = [[]];
  const tables: Table[] = [];
  let hiddenDepth = 0;
  let inText = false;
  let inTabStops = false;
  let paragraph = '';
  let prefix = '';

  const finishParagraph = () => {
    const text = paragraph.trim();
    if (text !== '') places.at(-1)!.push({ text: prefix + text, isListItem: /^\s*- $/.test(prefix) });
    paragraph = '';
    prefix = '';
  };
  const open = (name: string, attributes: string) => {
    const value = () => attribute(attributes, 'w:val') ?? '';
    if (name === 'w:t') inText = true;
    else if (name === 'w:tabs') inTabStops = true;
    else if (name in signs && !inTabStops) paragraph += signs[name]!;
    else if (name === 'w:p') finishParagraph();
    else if (name === 'w:pStyle')
      prefix = '#'.repeat(headings.get(value()) ?? 0) + (headings.has(value()) ? ' ' : '');
    else if (name === 'w:numPr' && prefix === '') prefix = '- ';
    else if (name === 'w:ilvl' && prefix === '- ')
      prefix = `${'  '.repeat(Math.min(8, Number(value()) || 0))}- `;
    else if (name === 'w:footnoteReference') paragraph += `[^${attribute(attributes, 'w:id')}]`;
    else if (name === 'w:endnoteReference') paragraph += `[^e${attribute(attributes, 'w:id')}]`;
    else if (name === 'w:tbl') tables.push({ rows: [] });
    else if (name === 'w:tr') tables.at(-1)?.rows.push([]);
    else if (name === 'w:tc') places.push([]);
  };
  const close = (name: string) => {
    if (name === 'w:t') inText = false;
    else if (name === 'w:tabs') inTabStops = false;
    else if (name === 'w:p') finishParagraph();
    else if (name === 'w:tc' && places.length > 1) {
      tables.at(-1)?.rows.at(-1)?.push(joinBlocks(places.pop()!));
    } else if (name === 'w:tbl' && tables.length > 0) {
      places.at(-1)!.push({ text: markdownTable(tables.pop()!), isListItem: false });
    }
  };
  for (const event of xmlEvents(xml)) {
    if (event.kind === 'text') {
      if (inText && hiddenDepth === 0) paragraph += event.text;
    } else if (hidden.has(event.name)) hiddenDepth += event.kind === 'open' ? 1 : -1;
    else if (hiddenDepth > 0) continue;
    else if (event.kind === 'open') open(event.name, event.attributes);
    else close(event.name);
  }
  finishParagraph();
  return joinBlocks(places.flat());
}

/** Items of a list stand together. */
function joinBlocks(blocks: readonly Block[]): string {
  return blocks.reduce((text, block, index) => {
    if (index === 0) return block.text;
    return `${text}${block.isListItem && blocks[index - 1]!.isListItem ? '\n' : '\n\n'}${block.text}`;
  }, '');
}

function markdownTable({ rows }: Table): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  const [head = [], ...others] = rows;
  return [line(head), line(head.map(() => '---')), ...others.map(line)].join('\n');
}
