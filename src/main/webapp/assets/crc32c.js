/** CRC32C (Castagnoli, reflected), eight bytes a step: fast enough that the network stays the slow part. */

const POLYNOMIAL = 0x82f63b78;

/** TABLES[k][b] is the effect of byte b followed by k zero bytes. */
const TABLES = buildTables();

function buildTables() {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    }
    tables[0][byte] = crc;
  }
  for (let zeros = 1; zeros < 8; zeros++) {
    for (let byte = 0; byte < 256; byte++) {
      const before = tables[zeros - 1][byte];
      tables[zeros][byte] = (before >>> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

/**
 * The CRC32C of some bytes, or of everything so far when the bytes before them are given.
 *
 * @param {Uint8Array} bytes
 * @param {number} [before] the CRC32C of the bytes before these; 0 for none
 * @returns {number} unsigned, 32 bits
 */
export function crc32c(bytes, before = 0) {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
  const whole = bytes.length - (bytes.length % 8);
  let crc = ~before;
  let at = 0;
  for (; at < whole; at += 8) {
    // Bytes are joined by hand: a typed-array view would need aligned, little-endian input.
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc =
      t7[crc & 0xff] ^ t6[(crc >>> 8) & 0xff] ^ t5[(crc >>> 16) & 0xff] ^ t4[crc >>> 24] ^
      t3[bytes[at + 4]] ^ t2[bytes[at + 5]] ^ t1[bytes[at + 6]] ^ t0[bytes[at + 7]];
  }
  for (; at < bytes.length; at++) {
    crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]) & 0xff];
  }
  return ~crc >>> 0;
}

/** A CRC32C the way the API writes it: its four bytes, big-endian, in base64. */
export function base64Of(crc) {
  return btoa(String.fromCharCode(crc >>> 24, (crc >>> 16) & 0xff, (crc >>> 8) & 0xff, crc & 0xff));
}
