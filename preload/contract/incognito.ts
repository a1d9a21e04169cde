/** Owns how incognito chats are told from all others: by the form of their ids, and of those of their messages. */

/** What the ids of all records of incognito chats begin with. */
export const incognitoPrefix = 'incognito-';

export const isIncognito = (id: string | null): boolean => id?.startsWith(incognitoPrefix) ?? false;
