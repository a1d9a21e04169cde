/** Owns the quantisations that a model can be made in; free of zod, so that the page needs no schemas for it. */
import { msg } from './language.js';

/** Types that libllama makes without further data, with its numbers (llama.h) and what one weight takes in a 7B model. */
export const quantizations = [
  { id: 'F16', fileType: 1, bits: 16, note: msg('Without loss for most models. Large.') },
  {
    id: 'BF16',
    fileType: 32,
    bits: 16,
    note: msg('As F16, with a wider range. Slower on older processors.'),
  },
  { id: 'Q8_0', fileType: 7, bits: 8.5, note: msg('Hardly to be told from the original.') },
  { id: 'Q6_K', fileType: 18, bits: 6.6, note: msg('Very close to the original.') },
  { id: 'Q5_K_M', fileType: 17, bits: 5.7, note: msg('Close to the original.') },
  { id: 'Q5_K_S', fileType: 16, bits: 5.5, note: msg('A little smaller than Q5_K_M, nearly as good.') },
  {
    id: 'Q4_K_M',
    fileType: 15,
    bits: 4.8,
    note: msg('The usual choice: a quarter of the size, little loss.'),
  },
  { id: 'Q4_K_S', fileType: 14, bits: 4.6, note: msg('A little smaller than Q4_K_M.') },
  { id: 'IQ4_NL', fileType: 25, bits: 4.6, note: msg('As large as Q4_0, and better.') },
  {
    id: 'IQ4_XS',
    fileType: 30,
    bits: 4.3,
    note: msg('The smallest of the good 4-bit types. Slower on a CPU.'),
  },
  { id: 'Q4_0', fileType: 2, bits: 4.6, note: msg('Fastest on many CPUs. Some loss.') },
  { id: 'Q3_K_M', fileType: 12, bits: 3.9, note: msg('A loss that can be noticed.') },
  { id: 'Q2_K', fileType: 10, bits: 3.4, note: msg('A large loss. Only where nothing else fits.') },
] as const;

export type Quantization = (typeof quantizations)[number]['id'];
