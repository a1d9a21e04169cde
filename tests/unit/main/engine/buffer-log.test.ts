import { expect, test } from 'vitest';
import { BufferLog } from '../../../../main/engine/buffer-log.js';

const mebibyte = 2 ** 20;

test('adds up what llama.cpp says of its buffers, on the CPU and on a GPU', () => {
  const log = new BufferLog();
  for (const line of [
    'load_tensors:          CPU model buffer size =    70.50 MiB\n',
    'load_tensors:   CPU_REPACK model buffer size =   287.00 MiB\n',
    'load_tensors:        CUDA0 model buffer size =  1000.00 MiB\n',
    'llama_context:        CPU  output buffer size =     0.12 MiB\n',
    'llama_kv_cache:        CPU KV buffer size =    64.00 MiB\n',
    'llama_kv_cache:      CUDA0 KV buffer size =   128.00 MiB\n',
    'sched_reserve:      CUDA0 compute buffer size =    98.50 MiB\n',
    'sched_reserve:  CUDA_Host compute buffer size =    12.00 MiB\n',
    'llama_model_loader: - kv   0: general.architecture str = llama\n',
  ])
    log.read(line);
  expect(log.take()).toEqual({
    weightsBytes: 1357.5 * mebibyte,
    kvBytes: 192 * mebibyte,
    computeBytes: 98.5 * mebibyte,
    vramBytes: 1226.5 * mebibyte,
  });
  expect(log.take()).toMatchObject({ weightsBytes: 0, vramBytes: 0 });
});

test('waits for what comes late, and not for what never comes', async () => {
  const log = new BufferLog();
  log.read('llama_kv_cache:        CPU KV buffer size =    64.00 MiB');
  setTimeout(() => log.read('sched_reserve:        CPU compute buffer size =    98.50 MiB'), 30);
  expect(await log.takeWhole()).toMatchObject({ kvBytes: 64 * mebibyte, computeBytes: 98.5 * mebibyte });
  expect(await log.takeWhole()).toMatchObject({ computeBytes: 0 });
});
