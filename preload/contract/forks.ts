/** Owns the records of the places at which a reply can go another way, and the channels for them. */
import { z } from 'zod';
import { channel } from './channel.js';
import { idSchema } from './chats.js';
import { nextTokensSchema } from './tokens.js';

/** Where in the text of a reply, in UTF-16 units. */
const placeSchema = z.number().int().nonnegative();

export const forkChannels = {
  /** Where the tokens of a reply begin, as its template gives them to the loaded model. */
  'forks.places': channel(z.object({ messageId: idSchema }), z.array(placeSchema)),
  /** What the model may say there, from the prompt and settings that the reply was made with. Waits for its turn. */
  'forks.alternatives': channel(z.object({ messageId: idSchema, at: placeSchema }), nextTokensSchema),
} as const;
