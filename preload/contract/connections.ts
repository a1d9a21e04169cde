/** Owns what the page may ask of connections: servers elsewhere whose models stand beside those of this machine. */
import { z } from 'zod';
import { channel, nothing } from './channel.js';
import { idSchema } from './chats.js';
import { serverKinds } from './server-kinds.js';

const serverModelSchema = z.object({
  /** As the server names it. */
  id: z.string().min(1).max(1000),
  /** Tokens; null where the server does not say. */
  contextSize: z.number().int().positive().nullable(),
});

/** What a server was found to be. */
const serverFactsSchema = z.object({
  kind: z.enum(serverKinds),
  /** As the server says it; null where it does not. */
  version: z.string().nullable(),
  /** Where its API begins, without a slash at the end. */
  apiUrl: z.string(),
  models: z.array(serverModelSchema),
  /** Whether it goes on with a text as it stands, so that our templates can be used. */
  completes: z.boolean(),
  /** The template of its one model, with its marks; null where it does not say. */
  template: z
    .object({
      text: z.string(),
      bos: z.string(),
      eos: z.string(),
      /** Whether the server writes BOS before every text by itself. */
      addsBos: z.boolean(),
    })
    .nullable(),
});

/** How a chat is sent: by our templates as text, or as messages that the server writes by its own; `auto` chooses. */
const sendingModes = ['auto', 'text', 'messages'] as const;

export const connectionRecordSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** As it was given, completed; without a slash at the end. */
  address: z.string(),
  mode: z.enum(sendingModes),
  /** For models of which the server does not say it; null = nobody said it. */
  contextSize: z.number().int().positive().nullable(),
  /** What the last test found. */
  facts: serverFactsSchema,
});

/** The key itself never comes here. */
const connectionSchema = connectionRecordSchema.extend({
  /** `session`: this machine has no keychain, so the key is known until the app ends. */
  key: z.enum(['none', 'kept', 'session']),
});

const addressSchema = z.string().trim().min(1).max(2048);
const keySchema = z.string().trim().max(2000);
/** A server can be given another key or none; absent leaves the one that is kept. */
const triedSchema = z.object({ address: addressSchema, key: keySchema });

export const connectionChannels = {
  'connections.list': channel(nothing, z.array(connectionSchema)),
  /** What a server is; keeps nothing. */
  'connections.look': channel(triedSchema, serverFactsSchema),
  /** Looks, and keeps the connection. @param key '' = none */
  'connections.add': channel(triedSchema, connectionSchema),
  /** Looks again by what is kept. */
  'connections.test': channel(z.object({ id: idSchema }), connectionSchema),
  'connections.change': channel(
    z.object({
      id: idSchema,
      name: z.string().trim().min(1).max(100).optional(),
      mode: z.enum(sendingModes).optional(),
      contextSize: z.number().int().min(256).max(10_000_000).nullable().optional(),
      /** '' forgets it. */
      key: keySchema.optional(),
    }),
    connectionSchema,
  ),
  /** Forgets the connection and its key; both can be brought back until the app ends. */
  'connections.remove': channel(z.object({ id: idSchema }), z.void()),
  'connections.restore': channel(z.object({ id: idSchema }), z.void()),
} as const;

export type ConnectionEvents = { readonly 'connections.changed': readonly Connection[] };

export type ServerFacts = z.infer<typeof serverFactsSchema>;
export type SendingMode = (typeof sendingModes)[number];
export type ConnectionRecord = z.infer<typeof connectionRecordSchema>;
export type Connection = z.infer<typeof connectionSchema>;
