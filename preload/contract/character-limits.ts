/** Owns what bounds characters and personas, and the ways to talk with them; free of zod, so that the page can have it. */

export const characterLimits = {
  /** Of one text of a card. */
  fieldCharacters: 1_000_000,
  nameCharacters: 200,
  /** Of a whole card, lorebook and all that other programs put into it included. */
  cardBytes: 8_000_000,
  /** Values that lie in one another. */
  depth: 64,
  greetings: 200,
  tags: 200,
  entries: 5000,
  keys: 500,
  /** Of a file that is imported, or chosen as a picture. */
  fileBytes: 32_000_000,
  pictureSide: 8192,
  picturePixels: 25_000_000,
} as const;

/** Where the page finds a picture, by its hash. */
export const picturePath = '/pictures/';

/**
 * How a chat is written down for the model, as in text-generation-webui. `instruct`: turns by the prompt template.
 * `chat`: plain lines with names, without the template. `chat-instruct`: such lines inside one instruction.
 */
export const chatModes = ['instruct', 'chat-instruct', 'chat'] as const;
export type ChatMode = (typeof chatModes)[number];

/** The instruction of `chat-instruct`, where a chat has none of its own; the two marks are filled in. */
export const usualChatCommand =
  // eslint-disable-next-line altiplano/no-loose-text -- said to the model
  'Go on with the dialogue below. Write one reply of <|character|>, and nothing else.\n\n<|prompt|>';

/** Who talks where nobody was chosen. */
export const usualNames = { user: 'You', char: 'AI' } as const;

/** How many of the last messages a lorebook is searched in, and what it may take, where it does not say so itself. */
export const usualLorebook = { scanDepth: 4, tokenBudget: 1024 } as const;
