/** Owns the characters that come with the app; once taken, one is the user's own like any other. */
import { cardSchema, type Card } from '../../preload/contract/characters.js';
import list from '../../resources/characters/examples.json';

export const exampleCards: readonly Card[] = cardSchema.array().parse(list);
