import assert from 'node:assert/strict';
import test from 'node:test';
import { ChunkSizer } from '../../main/webapp/assets/client/chunk-size.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Sends chunks as the sizer wants them over a line of so many bytes a second; the size of each. */
function sentOver(sizer, bytesPerSecond, chunks, answerMs = 50) {
  return Array.from({ length: chunks }, () => {
    const bytes = sizer.next();
    sizer.arrived({ bytes, sentMs: (bytes * 1000) / bytesPerSecond, answerMs });
    return bytes;
  });
}

test('the first chunk is of 4 MiB', () => {
  assert.equal(new ChunkSizer().next(), 4 * MIB);
});

test('on a fast line chunks double up to the maximum', () => {
  const sizes = sentOver(new ChunkSizer(), 1_000 * MIB, 6).map((bytes) => bytes / MIB);
  assert.deepEqual(sizes, [4, 8, 16, 32, 64, 64]);
});

for (const rate of [128 * KIB, 500 * KIB, 3 * MIB]) {
  test(`at ${rate / KIB} KiB/s a chunk soon takes about four seconds`, () => {
    const [last] = sentOver(new ChunkSizer(), rate, 12, 0).slice(-1);
    const seconds = last / rate;
    assert.ok(seconds > 3 && seconds <= 4, `${seconds} s`);
  });
}

test('on a very slow line chunks are of the minimum', () => {
  const [last] = sentOver(new ChunkSizer(), 8 * KIB, 5).slice(-1);
  assert.equal(last, 256 * KIB);
});

test('chunks come back when the line recovers', () => {
  const sizer = new ChunkSizer();
  sentOver(sizer, 8 * KIB, 5);
  const [last] = sentOver(sizer, 1_000 * MIB, 40).slice(-1);
  assert.equal(last, 64 * MIB);
});

test('never more than twice what has just arrived', () => {
  const sizer = new ChunkSizer({ start: 4 * MIB });
  sizer.arrived({ bytes: 3 * MIB, sentMs: 1, answerMs: 1 });
  assert.equal(sizer.next(), 6 * MIB);
  sizer.arrived({ bytes: MIB, sentMs: 1, answerMs: 1 });
  assert.equal(sizer.next(), 6 * MIB);
});

test('several chunks of one size that arrive together double it once', () => {
  const sizer = new ChunkSizer();
  for (let nth = 0; nth < 6; nth++) sizer.arrived({ bytes: 4 * MIB, sentMs: 10, answerMs: 10 });
  assert.equal(sizer.next(), 8 * MIB);
});

test('a chunk that buffers have swallowed at once but the line took long for is no reason for longer ones', () => {
  const sizer = new ChunkSizer({ start: MIB });
  for (let nth = 0; nth < 9; nth++) sizer.arrived({ bytes: MIB, sentMs: 1, answerMs: 8_000 });
  assert.equal(sizer.next(), MIB);
});

test('a server that answers late does not make chunks shorter', () => {
  const sizer = new ChunkSizer();
  for (let nth = 0; nth < 9; nth++) sizer.arrived({ bytes: 4 * MIB, sentMs: 1_000, answerMs: 20_000 });
  assert.equal(sizer.next(), 4 * MIB);
});

test('a tiny chunk says nothing of the line', () => {
  const sizer = new ChunkSizer();
  sizer.arrived({ bytes: 10, sentMs: 500, answerMs: 1 });
  assert.equal(sizer.next(), 4 * MIB);
});

test('a chunk that is lost halves the next, and those lost with it count once', () => {
  const sizer = new ChunkSizer();
  for (let nth = 0; nth < 6; nth++) sizer.lost(4 * MIB);
  assert.equal(sizer.next(), 2 * MIB);
});

test('losing the short rest of a file again and again says nothing of long chunks', () => {
  const sizer = new ChunkSizer();
  for (let nth = 0; nth < 6; nth++) sizer.lost(10 * KIB);
  assert.equal(sizer.next(), 4 * MIB);
});

test('losses stop at the minimum', () => {
  const sizer = new ChunkSizer();
  for (let nth = 0; nth < 60; nth++) sizer.lost(sizer.next());
  assert.equal(sizer.next(), 256 * KIB);
});

test('chunks are multiples of 64 KiB unless there is less to send', () => {
  const sizer = new ChunkSizer({ start: 1_000_000 });
  assert.equal(sizer.next(), 15 * 64 * KIB);
  assert.equal(sizer.next(700_001), 700_001);
  assert.equal(sizer.next(1), 1);
});

test('a maximum below 64 KiB is kept', () => {
  assert.equal(new ChunkSizer({ max: 1_000 }).next(), 1_000);
});

test('bounds that are none are refused by name', () => {
  for (const bad of [0, -1, 1.5, NaN, Infinity, '4']) {
    assert.throws(() => new ChunkSizer({ max: bad }), { name: 'RangeError', message: /chunkBytes\.max/ });
  }
});
