/** Owns the records of export and import as they cross IPC, and their channels. */

/** What is exported. */
export type ExportScope =
  | { readonly kind: 'message'; readonly chatId: string; readonly messageId: string }
  /** In this order. */
  | { readonly kind: 'chats'; readonly chatIds: readonly string[] }
  | { readonly kind: 'folder'; readonly folderId: string }
  /** All chats, those in the archive too; never the incognito one. */
  | { readonly kind: 'everything' };
