import { expect, test } from 'vitest';
import { sharesByArea } from '../../../renderer/lib/performance.js';
import llamas from '../../../resources/catalog/models/llama.json';

test('the sizes of LLaMA compare as their paper has it', () => {
  const shares = sharesByArea(llamas).map(({ name, shares }) => [name, ...shares.map(Math.round)]);
  expect(shares).toEqual([
    ['All areas', 65, 76, 91, 100],
    ['Common sense', 92, 95, 99, 100],
    ['Reading', 90, 91, 94, 100],
    ['Trivia (TriviaQA)', 76, 86, 96, 100],
    ['Questions (Natural Questions)', 65, 80, 95, 100],
    ['School subjects (MMLU)', 55, 74, 91, 100],
    ['Code', 53, 69, 89, 100],
    ['Mathematics', 27, 39, 72, 100],
  ]);
});
