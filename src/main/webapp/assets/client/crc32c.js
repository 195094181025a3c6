/** CRC32C (Castagnoli, reflected), sixteen bytes a step: fast enough that the network stays the slow part. */

const POLYNOMIAL = 0x82f63b78;
const STEP = 16;

/** TABLE[k * 256 + b] is the effect of byte b followed by k zero bytes. One array: twice as fast as sixteen. */
const TABLE = buildTable();

function buildTable() {
  const table = new Int32Array(STEP * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = timesX(crc);
    table[byte] = crc;
  }
  for (let at = 256; at < table.length; at++) {
    const before = table[at - 256];
    table[at] = (before >>> 8) ^ table[before & 0xff];
  }
  return table;
}

/** A polynomial times x, modulo ours. The highest bit is the coefficient of x to the 0. */
function timesX(polynomial) {
  return polynomial & 1 ? (polynomial >>> 1) ^ POLYNOMIAL : polynomial >>> 1;
}

/**
 * The CRC32C of some bytes, or of everything so far when the bytes before them are given.
 *
 * @param {Uint8Array} bytes
 * @param {number} [before] the CRC32C of the bytes before these; 0 for none
 * @returns {number} unsigned, 32 bits
 */
export function crc32c(bytes, before = 0) {
  const t = TABLE;
  const whole = bytes.length - (bytes.length % STEP);
  // Four bytes at once, wherever they begin and whatever the machine's order of bytes is.
  const words = new DataView(bytes.buffer, bytes.byteOffset, whole);
  let crc = ~before;
  for (let at = 0; at < whole; at += STEP) {
    const a = words.getInt32(at, true) ^ crc;
    const b = words.getInt32(at + 4, true);
    const c = words.getInt32(at + 8, true);
    const d = words.getInt32(at + 12, true);
    crc =
      t[3840 + (a & 0xff)] ^ t[3584 + ((a >>> 8) & 0xff)] ^ t[3328 + ((a >>> 16) & 0xff)] ^ t[3072 + (a >>> 24)] ^
      t[2816 + (b & 0xff)] ^ t[2560 + ((b >>> 8) & 0xff)] ^ t[2304 + ((b >>> 16) & 0xff)] ^ t[2048 + (b >>> 24)] ^
      t[1792 + (c & 0xff)] ^ t[1536 + ((c >>> 8) & 0xff)] ^ t[1280 + ((c >>> 16) & 0xff)] ^ t[1024 + (c >>> 24)] ^
      t[768 + (d & 0xff)] ^ t[512 + ((d >>> 8) & 0xff)] ^ t[256 + ((d >>> 16) & 0xff)] ^ t[d >>> 24];
  }
  for (let at = whole; at < bytes.length; at++) {
    crc = (crc >>> 8) ^ t[(crc ^ bytes[at]) & 0xff];
  }
  return ~crc >>> 0;
}

/**
 * The CRC32C of two pieces from those of each: of A followed by B. Takes a moment, however long B is.
 *
 * @param {number} crcA
 * @param {number} crcB
 * @param {number} lengthB bytes of B, up to 2^53
 * @returns {number} unsigned, 32 bits
 */
export function combine(crcA, crcB, lengthB) {
  // Each byte of B moves A by x^8; the binary digits of the length tell which of x^8, x^16, x^32… to multiply.
  let power = 1 << 23;
  let moved = crcA;
  for (let digits = lengthB; digits > 0; digits = Math.floor(digits / 2)) {
    if (digits % 2 === 1) moved = product(moved, power);
    power = product(power, power);
  }
  return (moved ^ crcB) >>> 0;
}

/** The product of two polynomials, modulo ours. */
function product(a, b) {
  let sum = 0;
  let moved = b;
  for (let bit = 31; bit >= 0; bit--) {
    if ((a >>> bit) & 1) sum ^= moved;
    moved = timesX(moved);
  }
  return sum;
}

/** A CRC32C the way the API writes it: its four bytes, big-endian, in base64. */
export function base64Of(crc) {
  return btoa(String.fromCharCode(crc >>> 24, (crc >>> 16) & 0xff, (crc >>> 8) & 0xff, crc & 0xff));
}
