/** Owns the form of a channel, so that each part can list its own beside its records; `index.ts` joins the lists. */
import { z } from 'zod';

/** What the page sends and what main answers. */
export const channel = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });

/** The input of a channel that needs none. */
export const nothing = z.undefined();
