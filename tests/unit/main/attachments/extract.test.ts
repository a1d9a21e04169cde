import { describe, expect, test } from 'vitest';
import { extract } from '../../../../main/attachments/extract.js';
import { ggufHeader } from '../../../fixtures/gguf.js';
import { docxFile, pdfFile, wordParagraph } from '../../../fixtures/documents.js';
import { zipFile } from '../../../fixtures/zip.js';

const read = (name: string, bytes: Buffer | string, onProgress: (done: number) => void = () => undefined) =>
  extract(name, Buffer.from(bytes), onProgress);

describe('text files', () => {
  test('keep their letters in each encoding, and say which it was', async () => {
    const text = 'Vicuña, naïve – “ok”\nsecond';
    const utf16be = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    const cases = [
      [Buffer.from(text), 'utf-8'],
      [Buffer.from(`\ufeff${text}`), 'utf-8'],
      [Buffer.from(`\ufeff${text}`, 'utf16le'), 'utf-16le'],
      [utf16be, 'utf-16be'],
      [Buffer.from('Vicu\xf1a, na\xefve \x96 \x93ok\x94\r\nsecond', 'latin1'), 'windows-1252'],
    ] as const;
    for (const [bytes, encoding] of cases) {
      expect(await read('a.txt', bytes)).toMatchObject({ kind: 'text', text, details: { encoding } });
    }
  });

  test('have one kind of line end', async () => {
    expect((await read('a.txt', 'one\r\ntwo\rthree\n')).text).toBe('one\ntwo\nthree\n');
  });

  test.each([
    ['notes.md', 'markdown'],
    ['main.py', 'code'],
    ['data.JSON', 'json'],
    ['page.html', 'html'],
    ['app.log', 'log'],
    ['README', 'text'],
  ])('%s is called %s', async (name, kind) => {
    expect((await read(name, 'some words')).kind).toBe(kind);
  });

  test('HTML stays as it is written', async () => {
    const html = '<script>alert(1)</script><p>Hi</p>';
    expect((await read('page.html', html)).text).toBe(html);
  });

  test.each([
    ['picture.txt', Buffer.from('\x89PNG\r\n\x1a\n123', 'latin1'), /Pictures/],
    ['photo.txt', Buffer.from('\xff\xd8\xff\xe0', 'latin1'), /Pictures/],
    ['song.txt', Buffer.from('ID3\x04', 'latin1'), /Sound and video/],
    ['old.txt', Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'latin1'), /Office 97/],
    ['packed.txt', Buffer.from('\x1f\x8b\x08', 'latin1'), /Archives/],
    ['model.txt', ggufHeader({ 'general.architecture': 'llama' }, []), /a model/],
    ['nul.txt', Buffer.from('words\0words'), /not a text file/],
    [
      'noise.txt',
      Buffer.from(Array.from({ length: 4000 }, (_, at) => 1 + ((at * 73) % 255))),
      /not a text file/,
    ],
    ['empty.txt', Buffer.alloc(0), /no text/],
    ['blank.txt', Buffer.from(' \n\t\n'), /no text/],
  ])('%s is refused by what is in it', async (name, bytes, reason) => {
    await expect(read(name, bytes)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(reason),
      hint: expect.any(String),
    });
  });

  test('too long a text is refused, never cut', async () => {
    await expect(read('long.txt', Buffer.alloc(5_000_001, 'a'))).rejects.toThrow(
      'more than 5,000,000 characters',
    );
    expect((await read('long.txt', Buffer.alloc(5_000_000, 'a'))).text.length).toBe(5_000_000);
  });
});

describe('PDF files', () => {
  test('give the lines of each page', async () => {
    const progress: number[] = [];
    const pdf = await read(
      'a.bin',
      pdfFile([['The spring', 'lies in (Puna).'], [], ['End']]),
      (done) => void progress.push(done),
    );
    expect(pdf).toMatchObject({
      kind: 'pdf',
      text: 'The spring\nlies in (Puna).\f\fEnd',
      details: { pages: 3, emptyPages: 1 },
    });
    expect(progress).toEqual([1 / 3, 2 / 3, 1]);
  });

  test('that hold only pictures are told', async () => {
    await expect(read('scan.pdf', pdfFile([[], []]))).rejects.toThrow('holds pictures of pages');
  });

  test('that ask for a password are told', async () => {
    await expect(read('a.pdf', pdfFile([['Secret']], { locked: true }))).rejects.toThrow(
      'locked by a password',
    );
  });

  test('that are damaged are told', async () => {
    await expect(read('a.pdf', Buffer.from('%PDF-1.4\nnothing'))).rejects.toThrow('damaged');
  });

  test('with too many pages are refused before they are read', async () => {
    let reads = 0;
    const pages = Array.from({ length: 2001 }, () => ['x']);
    await expect(read('a.pdf', pdfFile(pages), () => void reads++)).rejects.toThrow(
      '2,001 pages; 2,000 are the most',
    );
    expect(reads).toBe(0);
  });
});

describe('Word documents', () => {
  const heading = '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>';
  const item = (text: string, level: number) =>
    `<w:p><w:pPr><w:numPr><w:ilvl w:val="${level}"/></w:numPr></w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;

  test('give headings, paragraphs, lists, tables and notes as Markdown', async () => {
    const cell = (text: string) => `<w:tc>${wordParagraph(text)}</w:tc>`;
    const body = [
      wordParagraph('Alpacas &amp; llamas', 'berschrift1'),
      '<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t xml:space="preserve">Two </w:t><w:tab/><w:t>runs</w:t>',
      '<w:footnoteReference w:id="2"/></w:r></w:p>',
      item('one', 0),
      item('inner', 1),
      `<w:tbl><w:tr>${cell('Name')}${cell('Wool')}</w:tr><w:tr>${cell('Suri')}${cell('silky | soft')}</w:tr></w:tbl>`,
      '<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>',
    ].join('');
    const footnotes = `<w:footnote w:id="-1"><w:p/></w:footnote><w:footnote w:id="2">${wordParagraph('A note.')}</w:footnote>`;
    expect(await read('a.docx', docxFile({ body, styles: heading, footnotes }))).toMatchObject({
      kind: 'docx',
      text: [
        '# Alpacas & llamas',
        'Two \truns[^2]',
        '- one\n  - inner',
        '| Name | Wool |\n| --- | --- |\n| Suri | silky \\| soft |',
        'new',
        '[^2]: A note.',
      ].join('\n\n'),
    });
  });

  test('that declare to be enormous are refused before they are unpacked', async () => {
    const bomb = docxFile({ body: wordParagraph('x'), declaredBytes: 4_000_000_000 });
    await expect(read('bomb.docx', bomb)).rejects.toThrow('too large when unpacked');
  });

  test('that unpack to more than they declare are refused', async () => {
    const bomb = docxFile({ body: wordParagraph('a'.repeat(50_000_000)), declaredBytes: 1000 });
    expect(bomb.length).toBeLessThan(100_000);
    await expect(read('bomb.docx', bomb)).rejects.toThrow('not what its directory says');
  });

  test('with absurdly many parts are refused', async () => {
    const parts = Array.from({ length: 10_001 }, (_, at) => ({ name: `p${at}`, data: Buffer.alloc(0) }));
    const many = zipFile([{ name: 'word/document.xml', data: Buffer.from('<w:document/>') }, ...parts]);
    await expect(read('many.docx', many)).rejects.toThrow('absurd number of parts');
  });

  test.each([
    ['xl/workbook.xml', /Excel/],
    ['ppt/presentation.xml', /PowerPoint/],
    ['content.xml', /This kind of document/],
    ['photo.png', /Archives/],
  ])('an archive with %s is told from one', async (entry, reason) => {
    const archive = zipFile([{ name: entry, data: Buffer.from('x') }]);
    await expect(read('a.docx', archive)).rejects.toThrow(reason);
  });

  test('that are cut off are told', async () => {
    const whole = docxFile({ body: wordParagraph('words') });
    await expect(read('a.docx', whole.subarray(0, whole.length - 30))).rejects.toThrow('can’t be read');
  });
});
