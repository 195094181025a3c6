const PREFIX = 'spillway-client:';

/**
 * Does some work while no other tab of this browser does any under the same name. A tab that is closed, crashes or
 * navigates away lets go by itself. Where browsers have no Web Locks (plain HTTP), the work is done at once.
 *
 * @template T
 * @param {string} name what the work is on
 * @param {AbortSignal|undefined} signal ends the waiting, not the work
 * @param {() => Promise<T>} work
 * @param {object} [options]
 * @param {() => void} [options.onWait] called once when another tab has it
 * @param {LockManager} [options.locks]
 * @returns {Promise<T>} what the work comes to; rejects with the signal's reason when it was aborted before
 */
export async function alone(name, signal, work, { onWait, locks = globalThis.navigator?.locks } = {}) {
  signal?.throwIfAborted();
  if (!locks) return work();
  let begun = false;
  const begin = () => {
    begun = true;
    return work();
  };
  try {
    return await inTurn(locks, PREFIX + name, { signal, begin, onWait });
  } catch (error) {
    if (begun) throw error;
    signal?.throwIfAborted();
    if (error?.name === 'SecurityError' || error?.name === 'InvalidStateError') return work(); // no locks in this frame
    throw error;
  }
}

async function inTurn(locks, name, { signal, begin, onWait }) {
  // A request that may wait does not tell that it has to, so it is asked first.
  const first = await locks.request(name, { ifAvailable: true }, async (lock) => lock && { value: await begin() });
  if (first) return first.value;
  signal?.throwIfAborted();
  onWait?.();
  return locks.request(name, { signal }, begin);
}

/**
 * The names that some tab of this browser, this one too, is working under now.
 *
 * @param {LockManager} [locks]
 * @returns {Promise<Set<string>>} empty where browsers do not tell; never rejects
 */
export async function taken(locks = globalThis.navigator?.locks) {
  try {
    const { held = [] } = (await locks?.query()) ?? {};
    const names = held.map(({ name }) => name).filter((name) => name.startsWith(PREFIX));
    return new Set(names.map((name) => name.slice(PREFIX.length)));
  } catch {
    return new Set(); // no locks in this frame
  }
}
