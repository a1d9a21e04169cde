import { expect, test } from 'vitest';
import { deathOf, gpuLost, isGpuLost } from '../../../../main/engine/death.js';
import { AppError } from '../../../../preload/contract/errors.js';

test.each([
  ['a crash', 11, ['Segmentation fault'], 'engine-died', 'The engine stopped unexpectedly.'],
  ['the system’s killer', 9, [], 'engine-killed', 'The engine stopped unexpectedly.'],
  ['Vulkan', 6, ["terminate called after throwing an instance of 'vk::DeviceLostError'"], 'gpu-lost', 'card'],
  ['Vulkan, as an error', 1, ['[engine] Error: vk::Queue::submit: ErrorDeviceLost'], 'gpu-lost', 'card'],
  ['CUDA', 6, ['ggml-cuda.cu:91: CUDA error', 'aborted'], 'gpu-lost', 'card'],
  ['ROCm', 6, ['ggml-cuda.cu:91: ROCm error'], 'gpu-lost', 'card'],
  ['Metal', 1, ['ggml_metal_graph_compute: command buffer 0 failed with status 5'], 'gpu-lost', 'card'],
] as const)('%s is called by its name, with the next step', (_name, exitCode, stderr, code, message) => {
  const death = deathOf(exitCode, stderr);
  expect(death).toMatchObject({ code, message: expect.stringContaining(message) });
  expect(death.hint).toContain('What was written is kept.');
  expect(death.details).toBe([`exit code ${exitCode}`, ...stderr].join('\n'));
});

test('who runs out of memory is told what to do about it', () => {
  expect(deathOf(9, []).hint).toContain('Close other programs, or choose a smaller context or model');
});

test('only the loss of the graphics card is one', () => {
  expect(isGpuLost(new Error('vk::Device::waitForFences: ErrorDeviceLost'))).toBe(true);
  expect(isGpuLost(gpuLost(''))).toBe(true);
  expect(isGpuLost(new Error('the context is full'))).toBe(false);
  const told = { code: 'bad-input', message: 'Your text says device lost.' } as const;
  expect(isGpuLost(new AppError(told))).toBe(false);
});
