import { crc32c } from './crc32c.js';
import { UploadProblem } from './problems.js';

const KIB = 1024;

/** How much is streamed at a time. (Slices of a MiB that are read whole take twice as long.) */
const STRETCH_BYTES = 4096 * KIB;

/**
 * The CRC32C of a blob, read as a stream: browsers hand out pieces of at most a few MiB, and go on reading only when
 * those were taken.
 *
 * @param {Blob} blob
 * @param {() => void|Promise<void>} between called after every piece; what it throws ends the reading
 * @returns {Promise<number>}
 * @throws {UploadProblem} `unreadable`
 */
export async function checksumOf(blob, between) {
  let crc = 0;
  for (let from = 0; from < blob.size; from += STRETCH_BYTES) {
    crc = await goOn(crc, blob.slice(from, from + STRETCH_BYTES), between);
  }
  return crc;
}

async function goOn(before, stretch, between) {
  // Reading into a buffer of one's own would need less memory, but hangs now and then in Chromium (156: when garbage
  // is collected between getting such a reader and its first answer).
  const reader = readerOf(stretch);
  let crc = before;
  let left = stretch.size;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw unreadable();
      });
      if (done) break;
      crc = crc32c(value, crc);
      left -= value.length;
      litter(value.length);
      await between();
    }
  } finally {
    reader.cancel().catch(() => {}); // when it has failed, there is nothing to cancel
  }
  // Not every browser minds that a file has become shorter since it was chosen.
  if (left !== 0) throw unreadable();
  return crc;
}

function readerOf(stretch) {
  try {
    return stretch.stream().getReader();
  } catch {
    throw unreadable();
  }
}

/**
 * Makes as many bytes of garbage. Pieces of a file lie outside of the heap that browsers watch, so many of them gather
 * before a collection: 390 MiB in Chromium 156, with 2 GiB read. Small things that die at once bring about the quick
 * collection of young ones, which takes the pieces along: 70 MiB, and no slower than the line.
 */
function litter(bytes) {
  let last;
  for (let made = 0; made < bytes; made += 64 * KIB) last = new Array((64 * KIB) / 8);
  return last;
}

/** The file is not there as it was when the person chose it. */
export function unreadable() {
  return new UploadProblem({
    title: 'The file cannot be read',
    detail: 'It was changed, moved or removed after you chose it. Choose it again.',
    code: 'unreadable',
  });
}
