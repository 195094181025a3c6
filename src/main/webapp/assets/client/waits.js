/**
 * Waits, at most until the signal is aborted; an early end is not an error.
 *
 * @param {number} ms
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function sleep(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}

/**
 * What a promise comes to, unless the signal is aborted before: then the signal's reason, at once.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export function orAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort));
  });
}

/**
 * What a promise comes to, if it does so in time.
 *
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @param {typeof sleep} wait
 * @returns {Promise<T>} rejects with an Error when the time is over
 */
export async function within(promise, ms, wait = sleep) {
  const done = new AbortController();
  const late = wait(ms, done.signal).then(() => {
    throw new Error(`nothing for ${ms} ms`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    done.abort();
    late.catch(() => {}); // it has been of no interest since the race was over
  }
}
