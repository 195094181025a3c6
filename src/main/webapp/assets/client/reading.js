import { crc32c } from './crc32c.js';
import { UploadProblem } from './problems.js';

/**
 * The CRC32C of a blob, read as a stream: browsers hand out pieces of at most a few MiB, and go on reading only when
 * those were taken. (Slices of a MiB, each read on its own, take twice as long.)
 *
 * @param {Blob} blob
 * @param {() => void|Promise<void>} between called after every piece; what it throws ends the reading
 * @returns {Promise<number>}
 * @throws {UploadProblem} `unreadable`
 */
export async function checksumOf(blob, between) {
  const reader = blob.stream().getReader();
  let crc = 0;
  let left = blob.size;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw unreadable();
      });
      if (done) break;
      crc = crc32c(value, crc);
      left -= value.length;
      await between();
    }
  } finally {
    reader.cancel().catch(() => {}); // when it has failed, there is nothing to cancel
  }
  // Not every browser minds that a file has become shorter since it was chosen.
  if (left !== 0) throw unreadable();
  return crc;
}

/** The file is not there as it was when the person chose it. */
export function unreadable() {
  return new UploadProblem({
    title: 'The file cannot be read',
    detail: 'It was changed, moved or removed after you chose it. Choose it again.',
    code: 'unreadable',
  });
}
