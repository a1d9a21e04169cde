/**
 * Owns reading the list of tensors of an EasyLM checkpoint (young-geng/EasyLM, checkpoint.py: a stream of MessagePack
 * pairs of a path and an array as flax writes it), the form of Koala's releases; never reads the values.
 */
import { t } from '../../../preload/contract/language.js';
import { brokenFile, type ExactBytes } from './exact-bytes.js';
import { elementsOf, floatTypes, isFloatType, isShape, type StoredTensor } from './stored-tensor.js';

/** What stands before the values of an array: path, shape and type. */
const headBytes = 1024;
const maxTensors = 100_000;
const typeNames: Readonly<Record<string, string>> = { float32: 'F32', float16: 'F16', bfloat16: 'BF16' };
/** flax/serialization.py: the kind of an array among MessagePack's extensions. */
const arrayExtension = 1;

/** Whether a file begins as such a checkpoint does: a pair whose first part is a short list of texts. */
export function looksLikeEasyLm(start: Uint8Array): boolean {
  return start[0] === 0x92 && ((start[1] ?? 0) & 0xf0) === 0x90 && ((start[2] ?? 0) & 0xe0) === 0xa0;
}

/** @throws AppError bad-input with what is wrong */
export async function readEasyLm(file: ExactBytes): Promise<StoredTensor[]> {
  const tensors: StoredTensor[] = [];
  for (let at = 0; at < file.sizeBytes;) {
    if (tensors.length === maxTensors) throw brokenFile(file.name, t('it holds an absurd number of tensors'));
    const head = new Head(file.name, await file.read(at, Math.min(headBytes, file.sizeBytes - at)));
    head.list(2);
    const path = head.texts();
    const valueBytes = head.bytes();
    const valueEnd = at + head.at + valueBytes;
    head.extension(arrayExtension);
    head.list(3);
    const shape = head.numbers();
    const [type = '', name] = [head.text(), path.filter((part) => part !== 'params').join('.')];
    const dataBytes = head.bytes();
    const tensor: StoredTensor = { name, type: typeNames[type] ?? type, shape, file, offset: at + head.at };
    if (!isShape(shape) || tensor.offset + dataBytes !== valueEnd || valueEnd > file.sizeBytes) {
      throw brokenFile(file.name, t('the tensor {name} makes no sense', { name }));
    }
    if (isFloatType(tensor.type) && elementsOf(shape) * floatTypes[tensor.type] !== dataBytes) {
      throw brokenFile(file.name, t('the tensor {name} is not as large as its shape says', { name }));
    }
    tensors.push(tensor);
    at = valueEnd;
  }
  return tensors;
}

/** The few kinds of MessagePack (its specification) that stand before an array's values. */
class Head {
  at = 0;

  constructor(
    readonly file: string,
    readonly content: Buffer,
  ) {}

  list(length: number): void {
    if (this.#byte() !== (0x90 | length)) throw this.#broken();
  }

  texts(): string[] {
    return Array.from({ length: this.#listLength() }, () => this.text());
  }

  numbers(): number[] {
    return Array.from({ length: this.#listLength() }, () => this.#number());
  }

  text(): string {
    const kind = this.#byte();
    const length = (kind & 0xe0) === 0xa0 ? kind & 0x1f : kind === 0xd9 ? this.#unsigned(1) : this.#fail();
    return this.#take(length).toString('utf8');
  }

  /** @returns how many bytes of raw data follow */
  bytes(): number {
    const width = { 0xc4: 1, 0xc5: 2, 0xc6: 4 }[this.#byte()] ?? this.#fail();
    return this.#unsigned(width);
  }

  extension(kind: number): void {
    const first = this.#byte();
    const width = { 0xc7: 1, 0xc8: 2, 0xc9: 4 }[first];
    if (width !== undefined) this.#unsigned(width);
    // Those of 1, 2, 4, 8 and 16 bytes say their length by their kind.
    else if (first < 0xd4 || first > 0xd8) throw this.#broken();
    if (this.#byte() !== kind) throw this.#broken();
  }

  #listLength(): number {
    const kind = this.#byte();
    return (kind & 0xf0) === 0x90 ? kind & 15 : this.#fail();
  }

  #number(): number {
    const kind = this.#byte();
    if (kind < 0x80) return kind;
    return this.#unsigned({ 0xcc: 1, 0xcd: 2, 0xce: 4 }[kind] ?? this.#fail());
  }

  #unsigned(width: number): number {
    return this.#take(width).readUIntBE(0, width);
  }

  #byte(): number {
    return this.#take(1)[0]!;
  }

  #take(length: number): Buffer {
    if (this.at + length > this.content.length) throw this.#broken();
    this.at += length;
    return this.content.subarray(this.at - length, this.at);
  }

  #fail(): never {
    throw this.#broken();
  }

  #broken() {
    return brokenFile(this.file, t('it is not a checkpoint of EasyLM'));
  }
}
