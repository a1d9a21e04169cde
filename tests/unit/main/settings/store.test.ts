import { expect, test, vi } from 'vitest';

vi.mock('electron-store', () => ({ default: vi.fn() }));
const { parseChange, parseSettings } = await import('../../../../main/settings/store.js');

test('a value that does not fit falls back alone; the good ones stay', () => {
  const settings = parseSettings({
    theme: 'dark',
    contextSize: 'huge',
    sampling: { temperature: 1.2, top_p: 'most', min_p: -1 },
    unknown: 1,
  });
  expect(settings.theme).toBe('dark');
  expect(settings.contextSize).toBe(0);
  expect(settings.sampling).toMatchObject({ temperature: 1.2, top_p: 0.95, min_p: 0.05, seed: -1 });
});

test('a setting of another kind altogether falls back as a whole', () => {
  expect(parseSettings({ sampling: 'hot' })).toEqual(parseSettings({}));
  expect(parseSettings({ sampling: null, templates: 3 })).toEqual(parseSettings({}));
});

test('a change saves what was given and nothing else', () => {
  expect(parseChange({ modelPath: '/a.gguf', theme: undefined })).toEqual({ modelPath: '/a.gguf' });
  expect(() => parseChange({ contextSize: -1 })).toThrow();
});
