/** Owns made-up language for benches: words as frequent as in a real one (Zipf's law), the same for every run. */

const common =
  'the of and to a in is you that it he was for on are as with his they I at be this have from or one had by word but not what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more write go see number no way could people my than first water been call who oil its now find long down day did get come made may part because should'.split(
    ' ',
  );
const beginnings = 'be co con com de dis ex in int ma per pre pro re sta sub sur tra un vi'.split(' ');
const middles =
  'ba bi da di fo ga ge la le li lo lu ma me mi mo na ne no pa ra ri ro sa se si ta te ti to va ve'.split(
    ' ',
  );
const ends = 'able al ed er ing ion ist ity ive ly ment ness ous s tion y'.split(' ');
const vocabularySize = 60_000;

/** Numbers from 0 up to 1 that look random; mulberry32, a public domain generator by Tommy Ettinger. */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @returns the vocabulary, commonest first, and a function that says a word */
export function language(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const words = new Set(common);
  while (words.size < vocabularySize) {
    const inner = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(middles)).join('');
    words.add(pick(beginnings) + inner + pick(ends));
  }
  const vocabulary = [...words];
  // Frequency by rank as Mandelbrot corrected Zipf's law; a table makes a word cost one look.
  const weights = vocabulary.map((_, rank) => 1 / (rank + 2.7) ** 1.02);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const table = new Uint16Array(1 << 20);
  let rank = 0;
  let covered = weights[0] / total;
  for (let slot = 0; slot < table.length; slot++) {
    while (covered < (slot + 0.5) / table.length && rank < vocabularySize - 1)
      covered += weights[++rank] / total;
    table[slot] = rank;
  }
  return { vocabulary, say: () => vocabulary[table[Math.floor(random() * table.length)]] };
}
