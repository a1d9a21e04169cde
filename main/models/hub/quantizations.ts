/** Owns what is known of each quantisation by its name: how good it is, in our words; never sizes, which files tell. */
import { msg, t, type Message } from '../../../preload/contract/language.js';

/** Coarse to fine. Losses are those that llama.cpp's `quantize` states for 7B models, in rounded words. */
const qualities: Readonly<Record<string, Message>> = {
  IQ1_S: msg('Barely usable; only for very large models'),
  IQ1_M: msg('Barely usable; only for very large models'),
  TQ1_0: msg('For models trained with three-valued weights'),
  TQ2_0: msg('For models trained with three-valued weights'),
  IQ2_XXS: msg('Very coarse; better a smaller model in 4 bits'),
  IQ2_XS: msg('Very coarse; better a smaller model in 4 bits'),
  IQ2_S: msg('Very coarse; better a smaller model in 4 bits'),
  IQ2_M: msg('Coarse, yet usable for large models'),
  Q2_K: msg('Coarse; quality suffers much'),
  Q2_K_S: msg('Coarse; quality suffers much'),
  Q2_K_L: msg('Coarse, with finer outer layers'),
  IQ3_XXS: msg('Quality suffers clearly'),
  IQ3_XS: msg('Quality suffers clearly'),
  IQ3_S: msg('Quality suffers; better than Q3_K_S at this size'),
  IQ3_M: msg('Quality suffers; better than Q3_K_M at this size'),
  Q3_K_S: msg('Quality suffers clearly'),
  Q3_K_M: msg('Quality suffers; where 4 bits do not fit'),
  Q3_K_L: msg('Some loss; where 4 bits do not fit'),
  Q3_K_XL: msg('Some loss; where 4 bits do not fit'),
  IQ4_XS: msg('Good, and smaller than Q4_K_S; slower on a CPU'),
  IQ4_NL: msg('Good; fast on ARM'),
  MXFP4: msg('Good where the model was trained for it'),
  Q4_0: msg('Fast on a CPU; Q4_K_M is finer'),
  Q4_1: msg('Between Q4_0 and Q5_0; Q4_K_M is finer'),
  Q4_K_S: msg('Good, a little smaller than Q4_K_M'),
  Q4_K_M: msg('Good; the usual choice'),
  Q4_K_L: msg('Good, with finer outer layers'),
  Q5_0: msg('Little loss; Q5_K_M is finer'),
  Q5_1: msg('Little loss; Q5_K_M is finer'),
  Q5_K_S: msg('Little loss'),
  Q5_K_M: msg('Little loss; where there is room for it'),
  Q5_K_L: msg('Little loss, with finer outer layers'),
  Q6_K: msg('Hardly any loss'),
  Q6_K_L: msg('Hardly any loss'),
  Q8_0: msg('As good as the original, at half its size'),
  Q8_K_XL: msg('As good as the original'),
  F16: msg('The original; large and slow'),
  BF16: msg('The original; large and slow'),
  F32: msg('The original at full width; nothing gained over F16'),
};
const names = Object.keys(qualities).sort((a, b) => b.length - a.length);
const inName = new RegExp(`(?:^|[^A-Za-z0-9])(?:UD-)?(${names.join('|')})(?=$|[^A-Za-z0-9])`, 'gi');

/** The quantisation that a file's name says, the last one where it says several; null when it says none. */
export function quantizationOf(fileName: string): string | null {
  return [...fileName.matchAll(inName)].at(-1)?.[1]?.toUpperCase() ?? null;
}

/** What of a file's name is left without its quantisation: files of one model share it. */
export function baseNameOf(fileName: string): string {
  return fileName.replaceAll(inName, '').replace(/\.gguf$/i, '');
}

/** How good a quantisation is, in words; null for one that is not known. */
export function qualityOf(quantization: string): string | null {
  const quality = qualities[quantization];
  return quality === undefined ? null : t(quality);
}
