/** The window of the first wait: longer than a server needs to shed a burst, short enough not to be noticed. */
const FIRST_MS = 1_000;
/** The longest window: a thousand clients then make 33 calls a second, and who looks at the page sees it try again. */
const LONGEST_MS = 30_000;

/** How long the nth wait in a row may be at most, from 1, in milliseconds. It doubles from 1 s to 30 s. */
export function backOffWindowMs(n) {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (n - 1));
}

/**
 * How long to stay away after the nth failure in a row, in milliseconds: exponential with full jitter, so that those
 * who failed together do not come back together (M. Brooker, "Exponential Backoff and Jitter", AWS, 2015).
 *
 * On top of the server's own wish when it has one: it knows best, so the wish is not made longer with each failure,
 * only spread over up to a second more.
 *
 * @param {number} failures in a row, from 1
 * @param {number|null} askedMs how long the server asked to stay away
 * @param {function(): number} random 0 to 1
 */
export function backOffMs(failures, askedMs, random) {
  const windowMs = backOffWindowMs(failures);
  return askedMs === null ? random() * windowMs : askedMs + random() * Math.min(windowMs, FIRST_MS);
}
