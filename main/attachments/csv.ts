/** Owns what is told of a table in a text file: its rows, its columns and what stands between them (RFC 4180). */

export type TableShape = { readonly rows: number; readonly columns: number; readonly delimiter: string };

const delimiters = [',', ';', '\t', '|'] as const;
/** A delimiter is chosen by so many rows. */
const sampleRows = 50;

/** The delimiter that makes the most rows alike, with the most columns; where none does, a single column. */
export function tableShape(text: string): TableShape {
  const candidates = delimiters.map((delimiter) => {
    const widths = widthsOf(text, delimiter, sampleRows).widths;
    const columns = mostFrequent(widths);
    const alike = widths.filter((width) => width === columns).length / Math.max(1, widths.length);
    return { delimiter, columns, score: columns > 1 ? alike * 1000 + columns : 0 };
  });
  const best = candidates.reduce((one, other) => (other.score > one.score ? other : one));
  const { rows } = widthsOf(text, best.delimiter, Infinity);
  return { rows, columns: best.score > 0 ? best.columns : 1, delimiter: best.delimiter };
}

/** Columns of each row that is not empty. A quoted field may hold delimiters, line ends and doubled quotes. */
function widthsOf(text: string, delimiter: string, mostRows: number): { rows: number; widths: number[] } {
  const widths: number[] = [];
  const pattern = new RegExp(`["\\n${delimiter === '|' ? '\\|' : delimiter}]`, 'g');
  let rows = 0;
  let columns = 1;
  let quoted = false;
  let lineStart = 0;
  let closedAt = -1;
  const endRow = (at: number) => {
    if (at > lineStart) {
      rows++;
      if (widths.length < sampleRows) widths.push(columns);
    }
    lineStart = at + 1;
    columns = 1;
  };
  for (const { 0: sign, index } of text.matchAll(pattern)) {
    // A quote opens a field at its start; a doubled one closes it and opens it again.
    if (sign === '"' && quoted) {
      quoted = false;
      closedAt = index;
    } else if (sign === '"') {
      quoted = index === lineStart || text[index - 1] === delimiter || index === closedAt + 1;
    } else if (quoted) continue;
    else if (sign === '\n') {
      endRow(index);
      if (rows >= mostRows) return { rows, widths };
    } else columns++;
  }
  endRow(text.length);
  return { rows, widths };
}

function mostFrequent(values: readonly number[]): number {
  const times = new Map<number, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  return [...times].reduce((one, other) => (other[1] > one[1] ? other : one), [1, 0])[0];
}
