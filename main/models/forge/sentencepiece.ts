/** Owns reading SentencePiece's tokenizer.model (google/sentencepiece, sentencepiece_model.proto); never tokenises. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { brokenFile } from './exact-bytes.js';

export type SentencePieces = {
  readonly pieces: readonly { readonly text: string; readonly score: number; readonly type: number }[];
  /** Null where the model has none. */
  readonly ids: Readonly<Record<'unk' | 'bos' | 'eos' | 'pad', number | null>>;
  /** Whether a space is put before a text. */
  readonly addSpacePrefix: boolean;
};

type Field = {
  readonly number: number;
  readonly wire: number;
  readonly value: number;
  readonly bytes: Buffer;
};

const maxPieces = 1_000_000;
/** `Type` of a piece: the same numbers as GGUF's token types. */
const pieceTypes = { normal: 1, last: 6 };
const modelTypes = { unigram: 1, bpe: 2 };
/** Where the trainer's description keeps each id, and what it is unless said. */
const idFields = { unk: [40, 0], bos: [41, 1], eos: [42, 2], pad: [43, -1] } as const;

/** @throws AppError bad-input, or model-unsupported for a kind of vocabulary that llama.cpp's “llama” tokeniser can't use */
export function readSentencePiece(file: string, bytes: Buffer): SentencePieces {
  const pieces: SentencePieces['pieces'][number][] = [];
  let trainer: Field[] = [];
  let normalizer: Field[] = [];
  for (const field of fields(file, bytes)) {
    if (field.number === 1 && field.wire === 2) {
      if (pieces.length === maxPieces) throw brokenFile(file, t('it holds an absurd number of tokens'));
      pieces.push(piece(file, field.bytes));
    }
    if (field.number === 2 && field.wire === 2) trainer = fields(file, field.bytes);
    if (field.number === 3 && field.wire === 2) normalizer = fields(file, field.bytes);
  }
  if (pieces.length === 0) throw brokenFile(file, t('it holds no tokens'));
  const number = (of: readonly Field[], wanted: number, otherwise: number) =>
    of.filter((field) => field.number === wanted && field.wire === 0).at(-1)?.value ?? otherwise;
  if (number(trainer, 3, modelTypes.unigram) !== modelTypes.bpe) {
    throw new AppError({
      code: 'model-unsupported',
      message: t('The vocabulary in tokenizer.model is not of the BPE kind that LLaMA models have.'),
      hint: t('Look for a GGUF version of the model.'),
    });
  }
  const id = (name: keyof typeof idFields) => {
    const [field, otherwise] = idFields[name];
    const value = number(trainer, field, otherwise);
    return value >= 0 && value < pieces.length ? value : null;
  };
  return {
    pieces,
    ids: { unk: id('unk'), bos: id('bos'), eos: id('eos'), pad: id('pad') },
    addSpacePrefix: number(normalizer, 3, 1) !== 0,
  };
}

function piece(file: string, bytes: Buffer) {
  let text = '';
  let score = 0;
  let type = pieceTypes.normal;
  for (const field of fields(file, bytes)) {
    if (field.number === 1 && field.wire === 2) text = field.bytes.toString('utf8');
    if (field.number === 2 && field.wire === 5) score = field.bytes.readFloatLE();
    if (field.number === 3 && field.wire === 0) type = field.value;
  }
  if (type < pieceTypes.normal || type > pieceTypes.last)
    throw brokenFile(file, t('a token in it is of an unknown kind'));
  return { text, score, type };
}

/** The fields of a message of Protocol Buffers (its encoding guide). */
function fields(file: string, bytes: Buffer): Field[] {
  let at = 0;
  const take = (length: number) => {
    if (at + length > bytes.length) throw brokenFile(file, t('it is cut off'));
    at += length;
    return bytes.subarray(at - length, at);
  };
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = take(1)[0]!;
      value |= BigInt(byte & 127) << shift;
      // Negative numbers of 32 bits are written as such of 64.
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    throw brokenFile(file, t('a number in it is too long'));
  };
  const found: Field[] = [];
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) found.push({ number, wire, value: varint(), bytes: none });
    else if (wire === 1) found.push({ number, wire, value: 0, bytes: take(8) });
    else if (wire === 5) found.push({ number, wire, value: 0, bytes: take(4) });
    else if (wire === 2) {
      const length = varint();
      if (length < 0) throw brokenFile(file, t('it is damaged'));
      found.push({ number, wire, value: 0, bytes: take(length) });
    } else throw brokenFile(file, t('it is not a model of SentencePiece'));
  }
  return found;
}

const none = Buffer.alloc(0);
