/** Owns where the page finds the pictures that main keeps. */
import { picturePath } from '../../preload/contract/character-limits.js';

/** Of a picture by its hash. */
export const pictureUrl = (hash: string): string => `${picturePath}${hash}`;
