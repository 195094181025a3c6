import assert from 'node:assert/strict';
import test from 'node:test';
import { crc32c } from '../../main/webapp/assets/client/crc32c.js';
import { FileDigest } from '../../main/webapp/assets/client/digest.js';

function random(seed) {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

function someBytes(length) {
  const next = random(7);
  return Uint8Array.from({ length }, () => next(256));
}

/** Random pieces of the whole, in the order of the file. */
function pieces(length, next) {
  const found = [];
  for (let from = 0; from < length; ) {
    const to = Math.min(length, from + 1 + next(40));
    found.push([from, to]);
    from = to;
  }
  return found;
}

function shuffled(list, next) {
  return list.map((value) => [next(1e6), value]).sort((a, b) => a[0] - b[0]).map(([, value]) => value);
}

test('an empty file has a checksum without any piece', () => {
  assert.equal(new FileDigest(0).whole(), 0);
  assert.deepEqual(new FileDigest(0).gaps(), []);
});

test('a file of which nothing is known is one gap', () => {
  const digest = new FileDigest(10);
  assert.deepEqual(digest.gaps(), [[0, 10]]);
  assert.equal(digest.whole(), null);
});

test('pieces in any order come to the checksum of the whole', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const next = random(seed);
    const bytes = someBytes(1 + next(500));
    const digest = new FileDigest(bytes.length);
    for (const [from, to] of shuffled(pieces(bytes.length, next), next)) {
      assert.equal(digest.whole(), null, `seed ${seed}`);
      digest.add(from, to, crc32c(bytes.subarray(from, to)));
    }
    assert.equal(digest.whole(), crc32c(bytes), `seed ${seed}`);
    assert.deepEqual(digest.gaps(), [], `seed ${seed}`);
  }
});

test('whatever is added, in pieces of any kind, it is never wrong', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const next = random(seed);
    const bytes = someBytes(1 + next(100));
    const digest = new FileDigest(bytes.length);
    const covered = new Array(bytes.length).fill(false);
    for (let i = 0; i < 100; i++) {
      const from = next(bytes.length);
      const to = from + next(bytes.length - from + 1);
      try {
        digest.add(from, to, crc32c(bytes.subarray(from, to)));
        covered.fill(true, from, to);
      } catch (error) {
        assert.ok(error instanceof RangeError, `seed ${seed}: ${error}`);
      }
      const inGap = covered.map((_, at) => digest.gaps().some(([start, end]) => start <= at && at < end));
      assert.deepEqual(inGap, covered.map((there) => !there), `seed ${seed}`);
    }
    for (const [from, to] of digest.gaps()) digest.add(from, to, crc32c(bytes.subarray(from, to)));
    assert.equal(digest.whole(), crc32c(bytes), `seed ${seed}`);
  }
});

test('a piece that is covered already changes nothing', () => {
  const bytes = someBytes(30);
  const digest = new FileDigest(30);
  digest.add(0, 20, crc32c(bytes.subarray(0, 20)));
  digest.add(5, 20, 12345);
  digest.add(20, 30, crc32c(bytes.subarray(20)));
  assert.equal(digest.whole(), crc32c(bytes));
});

test('a piece that is covered in part only is refused, and nothing is lost', () => {
  const bytes = someBytes(30);
  const digest = new FileDigest(30);
  digest.add(10, 20, crc32c(bytes.subarray(10, 20)));
  assert.throws(() => digest.add(0, 15, 1), /0 to 15 is there already/);
  assert.throws(() => digest.add(15, 30, 1), /15 to 30 is there already/);
  assert.deepEqual(digest.gaps(), [[0, 10], [20, 30]]);
});

test('what is not of the file is refused', () => {
  const digest = new FileDigest(10);
  assert.throws(() => digest.add(5, 11, 0), RangeError);
  assert.throws(() => digest.add(-1, 5, 0), RangeError);
  assert.throws(() => digest.add(5, 4, 0), RangeError);
  assert.throws(() => new FileDigest(-1), RangeError);
});
