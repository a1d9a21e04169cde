/** Owns the keychain of the system, as Electron reaches it; keeps nothing itself. */
import { t } from '../../preload/contract/language.js';
import { safeStorage } from 'electron';
import type { Keychain } from './keychain.js';

/** After app `ready`. */
export const systemKeychain: Keychain = {
  problem() {
    if (!safeStorage.isEncryptionAvailable()) return t('this system has no keychain that can be used.');
    // Without a keyring Electron would encrypt with a password that is in its source.
    const isPlain = process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
    return isPlain ? t('no keyring (such as GNOME Keyring or KWallet) is running.') : null;
  },
  encrypt: (text) => safeStorage.encryptString(text),
  decrypt: (bytes) => safeStorage.decryptString(bytes),
};
