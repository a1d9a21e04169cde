/**
 * Owns reading the list of tensors of a PyTorch file (torch.save’s zip form: a pickle beside one file for each
 * storage; torch/serialization.py); runs no code and never reads the values.
 */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { brokenFile, type ExactBytes } from './exact-bytes.js';
import {
  PickleGlobal,
  PickleObject,
  PickleReference,
  readPickle,
  type PickleCalls,
  type PickleValue,
} from './pickle.js';
import { elementsOf, isShape, type StoredTensor } from './stored-tensor.js';
import { dataOffset, readZipDirectory, type ZipEntry } from './zip.js';

const maxPickleBytes = 64 * 2 ** 20;
/** The classes of storages and what they hold; a type without a size is known by name alone. */
const storages: ReadonlyMap<string, readonly [type: string, bytes: number]> = new Map([
  ['torch.DoubleStorage', ['F64', 8]],
  ['torch.FloatStorage', ['F32', 4]],
  ['torch.HalfStorage', ['F16', 2]],
  ['torch.BFloat16Storage', ['BF16', 2]],
  ['torch.LongStorage', ['I64', 8]],
  ['torch.IntStorage', ['I32', 4]],
  ['torch.ShortStorage', ['I16', 2]],
  ['torch.CharStorage', ['I8', 1]],
  ['torch.ByteStorage', ['U8', 1]],
  ['torch.BoolStorage', ['BOOL', 1]],
]);

class TorchTensor {
  constructor(
    readonly storage: PickleReference,
    readonly firstElement: number,
    readonly shape: readonly number[],
  ) {}
}

/** @throws AppError bad-input or model-unsupported with what is wrong */
export async function readTorchFile(file: ExactBytes): Promise<StoredTensor[]> {
  await refuseOlderForms(file);
  const entries = await readZipDirectory(file);
  const pickleName = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickleName === undefined) throw brokenFile(file.name, t('it holds no weights of PyTorch'));
  const folder = pickleName.slice(0, pickleName.indexOf('/'));
  await checkByteOrder(file, entries, `${folder}/byteorder`);
  const content = readPickle(
    file.name,
    await readEntry(file, entries, pickleName),
    new Set(storages.keys()),
    callsOf(file.name),
  );
  if (!(content instanceof Map))
    throw brokenFile(file.name, t('it holds something other than named tensors'));
  const tensors: StoredTensor[] = [];
  for (const [name, value] of content) {
    const tensor = value instanceof PickleObject ? value.content : null;
    if (typeof name !== 'string' || !(tensor instanceof TorchTensor)) {
      throw brokenFile(
        file.name,
        t('it holds more than tensors'),
        t('Choose the weights themselves, not the state of a training.'),
      );
    }
    tensors.push(await locate(file, entries, folder, name, tensor));
  }
  return tensors;
}

async function refuseOlderForms(file: ExactBytes): Promise<void> {
  const start = await file.read(0, Math.min(4, file.sizeBytes));
  if (start.toString('latin1') === 'PK\u0003\u0004') return;
  const pickle = start[0] === 0x80;
  throw new AppError({
    code: 'model-unsupported',
    message: pickle
      ? t('{name} is in the form that PyTorch wrote before version 1.6, which can’t be read here.', {
          name: file.name,
        })
      : t('{name} is not a file of PyTorch that can be read here.', { name: file.name }),
    hint: t('Look for the same weights as .safetensors files, or save them again with a newer PyTorch.'),
  });
}

async function checkByteOrder(
  file: ExactBytes,
  entries: ReadonlyMap<string, ZipEntry>,
  name: string,
): Promise<void> {
  if (!entries.has(name)) return; // Older files are as the machines that wrote them: little endian.
  const order = (await readEntry(file, entries, name)).toString('latin1');
  if (order !== 'little') throw brokenFile(file.name, t('its numbers are in big-endian order'));
}

async function readEntry(
  file: ExactBytes,
  entries: ReadonlyMap<string, ZipEntry>,
  name: string,
): Promise<Buffer> {
  const entry = entries.get(name);
  if (entry === undefined) throw brokenFile(file.name, t('it lacks {name}', { name }));
  if (entry.sizeBytes > maxPickleBytes)
    throw brokenFile(file.name, t('{name} in it is absurdly large', { name }));
  return file.read(await storedOffset(file, name, entry), entry.sizeBytes);
}

function storedOffset(file: ExactBytes, name: string, entry: ZipEntry): Promise<number> {
  if (entry.method !== 'stored') {
    throw brokenFile(file.name, t('{name} in it is compressed, which PyTorch never does', { name }));
  }
  return dataOffset(file, name, entry);
}

/** The few functions that weights are saved with. */
function callsOf(fileName: string): PickleCalls {
  const rebuildTensor = ([storage, first, shape, strides]: readonly PickleValue[]): PickleValue => {
    const known = storage instanceof PickleReference && Number.isSafeInteger(first) && isShape(shape);
    if (!known || !isShape(strides) || strides.length !== shape.length) {
      throw brokenFile(fileName, t('a tensor in it makes no sense'));
    }
    if (!liesWithoutGaps(shape, strides))
      throw brokenFile(fileName, t('a tensor in it is a view of another one'));
    return new PickleObject(new TorchTensor(storage, Number(first), shape));
  };
  return new Map<string, (args: readonly PickleValue[]) => PickleValue>([
    ['collections.OrderedDict', () => new Map()],
    ['torch._utils._rebuild_tensor_v2', rebuildTensor],
    ['torch._utils._rebuild_parameter', ([tensor]: readonly PickleValue[]) => tensor ?? null],
  ]);
}

function liesWithoutGaps(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

async function locate(
  file: ExactBytes,
  entries: ReadonlyMap<string, ZipEntry>,
  folder: string,
  name: string,
  tensor: TorchTensor,
): Promise<StoredTensor> {
  const damaged = brokenFile(file.name, t('the tensor {name} makes no sense', { name }));
  const id = tensor.storage.id;
  if (!Array.isArray(id)) throw damaged;
  const [kind, storageClass, key] = id;
  if (kind !== 'storage' || !(storageClass instanceof PickleGlobal) || typeof key !== 'string') throw damaged;
  const [type, elementBytes] = storages.get(storageClass.path) ?? [];
  const entryName = `${folder}/data/${key}`;
  const entry = entries.get(entryName);
  if (type === undefined || elementBytes === undefined || entry === undefined) throw damaged;
  const start = tensor.firstElement * elementBytes;
  const sizeBytes = elementsOf(tensor.shape) * elementBytes;
  if (start < 0 || start + sizeBytes > entry.sizeBytes) throw damaged;
  const offset = (await storedOffset(file, entryName, entry)) + start;
  return { name, type, shape: tensor.shape, file, offset };
}
