/**
 * Sums up blobs off the page's own thread. Says `{ ready: true }` when it is there. Takes `{ id, blob }` and answers
 * `{ id, crc }` or `{ id, unreadable: true }`. Each message ends the work on the one before; without a blob it is
 * only that.
 */
import { checksumOf } from './reading.js';

let current = null; // the id of the last message

self.onmessage = async ({ data: { id, blob } }) => {
  current = id;
  if (!blob) return;
  const stopWhenUnwanted = () => {
    if (current !== id) throw new Error('nobody waits for it');
  };
  try {
    self.postMessage({ id, crc: await checksumOf(blob, stopWhenUnwanted) });
  } catch {
    // Of what nobody waits for this says nothing either: the page knows by the id.
    self.postMessage({ id, unreadable: true });
  }
};

self.postMessage({ ready: true });
