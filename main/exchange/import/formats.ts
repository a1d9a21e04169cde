/** Owns the list of formats that are read piece by piece, and finding the one of a file by what is in it. */
import type { ImportFormat } from '../../../preload/contract/import-formats.js';
import type { ChatFormat, Piece } from './format.js';
import { altiplano } from './formats/altiplano.js';
import { chatgpt } from './formats/chatgpt.js';
import { claude } from './formats/claude.js';
import { jan } from './formats/jan.js';
import { koboldCpp } from './formats/kobold-cpp.js';
import { llamaCpp } from './formats/llama-cpp.js';
import { lmStudio } from './formats/lm-studio.js';
import { openWebui } from './formats/open-webui.js';
import { sillyTavern } from './formats/silly-tavern.js';
import { textGenerationWebui } from './formats/text-generation-webui.js';
import { alpaca, openai, sharegpt } from './formats/training.js';

/** Those that say most clearly what they are come first. */
const pieceFormats: readonly ChatFormat[] = [
  altiplano,
  chatgpt,
  claude,
  llamaCpp,
  openWebui,
  lmStudio,
  jan,
  sillyTavern,
  textGenerationWebui,
  koboldCpp,
  sharegpt,
  openai,
  alpaca,
];

export const formatOf = (id: ImportFormat): ChatFormat | undefined =>
  pieceFormats.find((format) => format.id === id);

export const recognise = (piece: Piece): ChatFormat | undefined =>
  pieceFormats.find((format) => format.recognises(piece));
