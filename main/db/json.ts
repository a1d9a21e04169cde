/** Owns reading JSON out of columns: what can't be read must not hide the rest. */
import type { z } from 'zod';

/** @returns null for what is not there, or not of this form */
export function parsedJson<T>(text: string | null, schema: z.ZodType<T>): T | null {
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
