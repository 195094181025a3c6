import assert from 'node:assert/strict';
import test from 'node:test';
import { base64Of, combine, crc32c } from '../../main/webapp/assets/client/crc32c.js';

const ascii = (text) => new TextEncoder().encode(text);

/** The definition, one bit at a time: slow, and too plain to be wrong in the same way. */
function bitwise(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function someBytes(length) {
  let seed = 12345;
  return Uint8Array.from({ length }, () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >>> 16);
}

test('nothing has the checksum 0', () => {
  assert.equal(crc32c(new Uint8Array(0)), 0);
});

test('the check value of the catalogue of CRCs comes out', () => {
  assert.equal(crc32c(ascii('123456789')), 0xe3069283);
});

test('the test vectors of RFC 3720 come out', () => {
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i)), 0x113fdb5c);
});

test('every length around the step of sixteen agrees with the definition', () => {
  for (let length = 0; length <= 70; length++) {
    const bytes = someBytes(length);
    assert.equal(crc32c(bytes), bitwise(bytes), `length ${length}`);
  }
});

test('a view that starts in the middle of its buffer agrees with a copy', () => {
  const bytes = someBytes(100);
  for (let from = 0; from < 9; from++) {
    assert.equal(crc32c(bytes.subarray(from)), bitwise(bytes.slice(from)), `from ${from}`);
  }
});

test('going on from the checksum of the first part gives the checksum of the whole', () => {
  const bytes = someBytes(64);
  for (let cut = 0; cut <= bytes.length; cut++) {
    assert.equal(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut))), crc32c(bytes), `cut at ${cut}`);
  }
});

test('base64 holds the four bytes, the highest first', () => {
  assert.equal(base64Of(0xe3069283), Buffer.from([0xe3, 0x06, 0x92, 0x83]).toString('base64'));
  assert.equal(base64Of(0), 'AAAAAA==');
});

test('the checksums of two pieces are combined to that of both, wherever the cut is', () => {
  const bytes = someBytes(300);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const [a, b] = [bytes.subarray(0, cut), bytes.subarray(cut)];
    assert.equal(combine(crc32c(a), crc32c(b), b.length), crc32c(bytes), `cut at ${cut}`);
  }
});

test('a combination goes over lengths that have all kinds of binary digits', () => {
  const a = crc32c(ascii('before'));
  const zeros = new Uint8Array(1 << 17);
  for (const length of [1, 2, 3, 255, 256, 257, 65535, 65537, 0x15555, 1 << 17]) {
    const b = zeros.subarray(0, length);
    assert.equal(combine(a, crc32c(b), length), crc32c(b, a), `length ${length}`);
  }
});

test('three pieces are combined in either order of combining, also when they are enormous', () => {
  const [a, b, c] = [0xe3069283, 0x8a9136aa, 0x46dd794e];
  for (const [lengthB, lengthC] of [[5, 7], [2 ** 31, 2 ** 32 + 1], [2 ** 40 + 12345, 2 ** 52 - 1]]) {
    const leftFirst = combine(combine(a, b, lengthB), c, lengthC);
    const rightFirst = combine(a, combine(b, c, lengthC), lengthB + lengthC);
    assert.equal(leftFirst, rightFirst, `${lengthB}, ${lengthC}`);
  }
});

test('ten terabytes of zeros are combined as twenty halves of one', () => {
  const half = 2 ** 39;
  const zeroes = (length) => {
    // What n zero bytes are is built by doubling, which combining by the binary digits must agree with.
    let crc = crc32c(new Uint8Array(1));
    for (let done = 1; done < length; done *= 2) crc = combine(crc, crc, done);
    return crc;
  };
  let all = 0;
  for (let i = 0; i < 20; i++) all = combine(all, zeroes(half), half);
  assert.equal(combine(combine(0, zeroes(2 ** 43), 2 ** 43), zeroes(2 ** 41), 2 ** 41), all);
});
