/** Owns what a keychain is for those who keep secrets; never one itself. */

/** What keeps secrets on this machine. */
export type Keychain = {
  /** Why it can't, in words; null when it can. */
  problem(): string | null;
  encrypt(text: string): Buffer;
  /** @throws when it was not encrypted here */
  decrypt(bytes: Buffer): string;
};
