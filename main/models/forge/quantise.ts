/**
 * Owns llama.cpp's own quantisation (llama_model_quantize of llama.h), called in the library that the engine ships. It
 * can't be stopped from within: who wants that ends the process.
 */
import { t } from '../../../preload/contract/language.js';
import koffi from 'koffi';
import { AppError } from '../../../preload/contract/errors.js';
import { nativeLibrary } from './native-library.js';

export type QuantiseOptions = {
  /** `LLAMA_FTYPE_…` of llama.h. */
  readonly fileType: number;
  /** Also weights that are quantised already. */
  readonly requantize: boolean;
  readonly threads: number;
  /** @param done tensors, of how many */
  readonly onProgress: (done: number, total: number) => void;
};

/** Rows of a tensor that are in memory at once. */
const bufferBytes = 512 * 2 ** 20;
const keptLogLines = 12;

/** llama_model_quantize_params of the release that the library is pinned to. */
koffi.struct('llama_model_quantize_params', {
  nthread: 'int32_t',
  ftype: 'int32_t',
  output_tensor_type: 'int32_t',
  token_embedding_type: 'int32_t',
  allow_requantize: 'bool',
  quantize_output_tensor: 'bool',
  only_copy: 'bool',
  pure: 'bool',
  keep_split: 'bool',
  dry_run: 'bool',
  imatrix: 'void *',
  kv_overrides: 'void *',
  tt_overrides: 'void *',
  prune_layers: 'void *',
  max_buf_size: 'size_t',
});
type Parameters = Readonly<Record<string, unknown>> & { ftype: number; max_buf_size: number | bigint };

const logProto = koffi.proto('void forge_log(int level, const char *text, void *data)');

/**
 * Writes a quantised copy of a GGUF file.
 * @throws AppError forge-failed or bad-input with llama.cpp's reason; Error when the library is of another release
 */
export async function quantise(
  path: string,
  outputPath: string,
  { fileType, requantize, threads, onProgress }: QuantiseOptions,
): Promise<void> {
  const library = koffi.load(nativeLibrary('llama'));
  const setLog = library.func('void llama_log_set(forge_log *callback, void *data)');
  const defaults = library.func(
    'llama_model_quantize_params llama_model_quantize_default_params()',
  )() as Parameters;
  // What the release is known to answer: another layout would show here.
  if (defaults.ftype !== 7 || Number(defaults.max_buf_size) !== 8 * 2 ** 30) {
    throw new Error('llama.cpp describes quantisation otherwise than the release that is pinned');
  }
  const run = library.func(
    'uint32_t llama_model_quantize(const char *from, const char *to, const llama_model_quantize_params *parameters)',
  );
  const log: string[] = [];
  const listener = koffi.register((_level: number, text: string) => {
    const [, done, total] = /^\[\s*(\d+)\/\s*(\d+)\]/.exec(text) ?? [];
    if (total !== undefined) onProgress(Number(done), Number(total));
    else if (text.trim() !== '') log.splice(0, log.length, ...log.slice(1 - keptLogLines), text.trim());
  }, koffi.pointer(logProto));
  setLog(listener, null);
  try {
    const parameters = {
      ...defaults,
      ...{ nthread: threads, ftype: fileType, allow_requantize: requantize, max_buf_size: bufferBytes },
    };
    const code = await new Promise<number>((resolve, reject) =>
      run.async(path, outputPath, parameters, (error: Error | null, value: number) =>
        error === null ? resolve(value) : reject(error),
      ),
    );
    if (code !== 0) throw failure(log);
  } finally {
    setLog(null, null);
    koffi.unregister(listener);
  }
}

function failure(log: readonly string[]): AppError {
  const details = log.join('\n');
  if (/requantizing from type/.test(details)) {
    return new AppError({
      code: 'bad-input',
      message: t('This model is quantised already; to do it again loses more than doing it once.'),
      hint: t('Use its F16, BF16 or F32 version, or allow to quantise it again.'),
      details,
    });
  }
  const reason = /failed to quantize: (.+)/.exec(details)?.[1];
  return new AppError({
    code: 'forge-failed',
    message:
      reason === undefined
        ? t('llama.cpp could not quantise this model.')
        : t('llama.cpp could not quantise this model: {reason}.', { reason }),
    hint: t('Check that there is room on the disk, or choose another type.'),
    details,
  });
}
