/** Owns the records of notes as they cross IPC, and the channels for them. */
import { t } from './language.js';
import { z } from 'zod';
import { channel, nothing } from './channel.js';
import { idSchema } from './chats.js';
import { samplingSchema } from './sampling-schema.js';

/** Characters of a note, at most. */
const textSchema = z
  .string()
  .max(10_000_000, { error: () => t('A note can have at most 10,000,000 characters.') });
const nameSchema = z
  .string()
  .trim()
  .max(200, { error: () => t('This name is longer than 200 characters.') });

const noteSchema = z.object({
  id: idSchema,
  /** '' = none; it goes by its first words then. */
  name: z.string(),
  firstWords: z.string(),
  /** Whether the names of special tokens in it are those tokens, as in the prompt of a chat, and not text. */
  marks: z.boolean(),
  updatedAt: z.number().int(),
});

/** The model goes on with a note. */
const noteRunSchema = z.object({
  runId: idSchema,
  noteId: idSchema,
  /** Length of the text that it goes on with, in UTF-16 units; offsets of frames count from there. */
  baseLength: z.number().int(),
  /** The whole text as far as main has it. */
  text: z.string(),
});

export const noteChannels = {
  /** The latest first. @param matching in name or text, whatever the capitals; '' = all */
  'notes.list': channel(z.object({ matching: z.string().max(1000) }), z.array(noteSchema)),
  'notes.text': channel(z.object({ noteId: idSchema }), z.string()),
  /** An empty note; one that is empty and has no name is taken instead of piling up more. */
  'notes.create': channel(nothing, noteSchema),
  'notes.save': channel(z.object({ noteId: idSchema, text: textSchema }), z.void()),
  'notes.setMarks': channel(z.object({ noteId: idSchema, marks: z.boolean() }), noteSchema),
  /** '' takes the name away. */
  'notes.rename': channel(z.object({ noteId: idSchema, name: nameSchema }), noteSchema),
  /** Stops what is written in it, and hides it; undo brings it back. */
  'notes.delete': channel(z.object({ noteId: idSchema }), z.void()),
  /** Saves the text and goes on with it; what comes is saved as it comes. @throws busy */
  'notes.generate': channel(
    z.object({ noteId: idSchema, text: textSchema, sampling: samplingSchema }),
    noteRunSchema,
  ),
  'notes.running': channel(nothing, z.array(noteRunSchema)),
  /** A new note with the prompt of a chat as the model is given it. @throws bad-input for an empty or incognito chat */
  'notes.fromChat': channel(z.object({ chatId: idSchema }), noteSchema),
} as const;

export type Note = z.infer<typeof noteSchema>;
export type NoteRun = z.infer<typeof noteRunSchema>;
