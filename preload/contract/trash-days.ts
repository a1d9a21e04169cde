/** Owns how long the trash keeps what is in it. */

/** Days after which it is deleted for good. */
export const trashDays = 30;
