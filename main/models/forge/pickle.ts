/**
 * Owns reading a pickle as data (Python’s Lib/pickletools.py is the specification of its opcodes). It runs no code:
 * a global is only a name, and what may be done with it is the caller’s table; all else is refused.
 */
import { t } from '../../../preload/contract/language.js';
import { brokenFile } from './exact-bytes.js';

/** A name in a module of Python; never looked up. */
export class PickleGlobal {
  constructor(readonly path: string) {}
}

/** What a pickle refers to outside of itself. */
export class PickleReference {
  constructor(readonly id: PickleValue) {}
}

/** What a permitted global made of its arguments. */
export class PickleObject {
  constructor(readonly content: unknown) {}
}

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleGlobal
  | PickleReference
  | PickleObject;

/** What a global may be called with; a value that it does not know it refuses by throwing an AppError. */
export type PickleCalls = ReadonlyMap<string, (args: readonly PickleValue[]) => PickleValue>;

const mark = Symbol('mark');
type Slot = PickleValue | typeof mark;

/**
 * @param file for messages
 * @param names globals that may be named without being called
 * @throws AppError bad-input for anything but plain values and the permitted globals
 */
export function readPickle(
  file: string,
  bytes: Buffer,
  names: ReadonlySet<string>,
  calls: PickleCalls,
): PickleValue {
  return new Interpreter(file, bytes, names, calls).run();
}

class Interpreter {
  readonly #stack: Slot[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #at = 0;

  constructor(
    readonly file: string,
    readonly bytes: Buffer,
    readonly names: ReadonlySet<string>,
    readonly calls: PickleCalls,
  ) {}

  run(): PickleValue {
    for (;;) {
      const opcode = this.#take(1)[0]!;
      if (opcode === 0x2e) return this.#pop(); // STOP
      this.#step(opcode);
    }
  }

  #step(opcode: number): void {
    switch (opcode) {
      case 0x80: // PROTO
        this.#take(1);
        return;
      case 0x95: // FRAME
        this.#take(8);
        return;
      case 0x28: // MARK
        this.#stack.push(mark);
        return;
      case 0x4e: // NONE
        return this.#push(null);
      case 0x88: // NEWTRUE
        return this.#push(true);
      case 0x89: // NEWFALSE
        return this.#push(false);
      case 0x4a: // BININT
        return this.#push(this.#take(4).readInt32LE());
      case 0x4b: // BININT1
        return this.#push(this.#take(1)[0]!);
      case 0x4d: // BININT2
        return this.#push(this.#take(2).readUInt16LE());
      case 0x8a: // LONG1
        return this.#push(this.#long());
      case 0x47: // BINFLOAT
        return this.#push(this.#take(8).readDoubleBE());
      case 0x8c: // SHORT_BINUNICODE
        return this.#push(this.#text(this.#take(1)[0]!));
      case 0x58: // BINUNICODE
        return this.#push(this.#text(this.#take(4).readUInt32LE()));
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return this.#push([]);
      case 0x7d: // EMPTY_DICT
        return this.#push(new Map());
      case 0x85: // TUPLE1
        return this.#push(this.#popMany(1));
      case 0x86: // TUPLE2
        return this.#push(this.#popMany(2));
      case 0x87: // TUPLE3
        return this.#push(this.#popMany(3));
      case 0x74: // TUPLE
        return this.#push(this.#popToMark());
      case 0x61: // APPEND
        return this.#append(this.#popMany(1));
      case 0x65: // APPENDS
        return this.#append(this.#popToMark());
      case 0x73: // SETITEM
        return this.#set(this.#popMany(2));
      case 0x75: // SETITEMS
        return this.#set(this.#popToMark());
      case 0x71: // BINPUT
        return this.#remember(this.#take(1)[0]!);
      case 0x72: // LONG_BINPUT
        return this.#remember(this.#take(4).readUInt32LE());
      case 0x94: // MEMOIZE
        return this.#remember(this.#memo.size);
      case 0x68: // BINGET
        return this.#recall(this.#take(1)[0]!);
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#take(4).readUInt32LE());
      case 0x63: // GLOBAL
        return this.#global(this.#line(), this.#line());
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.#popMany(2);
        return this.#global(String(module), String(name));
      }
      case 0x51: // BINPERSID
        return this.#push(new PickleReference(this.#pop()));
      case 0x52: // REDUCE
        return this.#reduce();
      case 0x62: // BUILD: attributes of an object, of which none is needed
        this.#pop();
        return;
      default:
        throw this.#refused(
          t('it asks for the operation 0x{code}, which weights never need', {
            code: opcode.toString(16),
          }),
        );
    }
  }

  #global(module: string, name: string): void {
    const path = `${module}.${name}`;
    if (!this.names.has(path) && !this.calls.has(path)) {
      throw this.#refused(t('it names {path}, which could run code', { path: path.slice(0, 200) }));
    }
    this.#push(new PickleGlobal(path));
  }

  #reduce(): void {
    const [callee, args] = this.#popMany(2);
    const call = callee instanceof PickleGlobal ? this.calls.get(callee.path) : undefined;
    if (call === undefined || !Array.isArray(args)) throw this.#refused(t('it calls what is no function'));
    this.#push(call(args));
  }

  #append(items: readonly PickleValue[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw this.#refused(t('it appends to what is no list'));
    for (const item of items) list.push(item);
  }

  #set(items: readonly PickleValue[]): void {
    const map = this.#top();
    if (!(map instanceof Map) || items.length % 2 !== 0)
      throw this.#refused(t('it sets an item of what is no dictionary'));
    for (let at = 0; at < items.length; at += 2) map.set(items[at]!, items[at + 1]!);
  }

  #remember(key: number): void {
    this.#memo.set(key, this.#top());
  }

  #recall(key: number): void {
    const value = this.#memo.get(key);
    if (value === undefined) throw this.#refused(t('it refers to what it never said'));
    this.#push(value);
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value === mark) throw this.#refused(t('it is damaged'));
    return value;
  }

  #pop(): PickleValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popMany(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.#pop()).reverse();
  }

  #popToMark(): PickleValue[] {
    const at = this.#stack.lastIndexOf(mark);
    if (at === -1) throw this.#refused(t('it is damaged'));
    return this.#stack.splice(at).filter((value) => value !== mark);
  }

  /** A whole number of up to 255 bytes; none here needs more than 8. */
  #long(): number {
    const bytes = this.#take(this.#take(1)[0]!);
    if (bytes.length > 8) throw this.#refused(t('it holds an absurd number'));
    return bytes.length === 0
      ? 0
      : Number(BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)));
  }

  #text(length: number): string {
    return this.#take(length).toString('utf8');
  }

  #line(): string {
    const end = this.bytes.indexOf(0x0a, this.#at);
    if (end === -1) throw this.#refused(t('it is cut off'));
    const text = this.bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.bytes.length) throw this.#refused(t('it is cut off'));
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  #refused(reason: string) {
    return brokenFile(this.file, reason, t('Look for the same weights as .safetensors files.'));
  }
}
