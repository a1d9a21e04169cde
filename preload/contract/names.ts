/** Owns the names of the physical IPC channels; free of imports so that the preload stays tiny. */

/** Page to main, answered with an envelope. Which request it is comes as the first argument. */
export const requestChannel = 'altiplano:request';
/** Main to page. */
export const eventChannel = 'altiplano:event';
/** The message that carries the engine's text port to the page. */
export const portMessage = 'altiplano:port';
