import assert from 'node:assert/strict';
import test from 'node:test';
import { Checksums } from '../../main/webapp/assets/client/checksums.js';
import { crc32c } from '../../main/webapp/assets/client/crc32c.js';

const MIB = 1 << 20;
const blob = (text) => new Blob([text]);
const crcOf = (text) => crc32c(new TextEncoder().encode(text));
const noWorker = async () => {
  throw new Error('forbidden');
};

const turns = async () => {
  for (let i = 0; i < 100; i++) await null;
};

/** A worker that answers when the test says so. */
class FakeWorker {
  asked = [];
  ended = false;

  postMessage(message) {
    this.asked.push(message);
  }

  terminate() {
    this.ended = true;
  }

  async answer(crc) {
    await turns();
    this.onmessage({ data: { id: this.asked.findLast((message) => message.blob).id, crc } });
    await turns();
  }

  async die() {
    await turns();
    this.onerror({ type: 'error', message: 'out of memory' });
    await turns();
  }
}

/** Checksums with workers of the test's own. */
function withWorkers() {
  const workers = [];
  const start = async () => {
    workers.push(new FakeWorker());
    return workers.at(-1);
  };
  return { workers, checksums: new Checksums({ start }) };
}

/** A file of some pieces that counts how many of them were read; one that is an Error cannot be read. */
function pieced(...pieces) {
  const file = {
    size: pieces.reduce((sum, piece) => sum + (piece.length ?? 1), 0),
    read: 0,
    left: false,
    slice: () => file,
    stream: () => new ReadableStream({ pull, cancel: () => void (file.left = true) }, { highWaterMark: 0 }),
  };
  function pull(controller) {
    const piece = pieces[file.read++];
    if (piece instanceof Error) controller.error(piece);
    else if (piece) controller.enqueue(piece);
    else controller.close();
  }
  return file;
}

test('no worker is made before there is something to do', async () => {
  const { workers, checksums } = withWorkers();
  await turns();
  assert.equal(workers.length, 0);
  checksums.close();
});

test('one worker computes everything, one after the other, in the order of asking', async () => {
  const { workers, checksums } = withWorkers();
  const results = ['a', 'b', 'c'].map((text) => checksums.crcOf(blob(text)));
  for (const crc of [1, 2, 3]) {
    await turns();
    assert.equal(workers[0].asked.length, crc);
    await workers[0].answer(crc);
  }
  assert.deepEqual(await Promise.all(results), [1, 2, 3]);
  assert.equal(workers.length, 1);
});

test('without workers it is computed in the page', async () => {
  const checksums = new Checksums({ start: noWorker });
  assert.equal(await checksums.crcOf(blob('123456789')), 0xe3069283);
  assert.equal(await checksums.crcOf(blob('')), 0);
});

test('what is read in pieces comes to the checksum of all', async () => {
  const bytes = Uint8Array.from({ length: 2 * MIB + 5 }, (_, i) => i * 7);
  const file = pieced(bytes.subarray(0, 5), bytes.subarray(5, MIB), bytes.subarray(MIB));
  assert.equal(await new Checksums({ start: noWorker }).crcOf(file), crc32c(bytes));
});

test('a file that cannot be read is told as such, by the page and by the worker', async () => {
  const file = pieced(new Uint8Array(5), new DOMException('gone', 'NotReadableError'));
  await assert.rejects(new Checksums({ start: noWorker }).crcOf(file), { code: 'unreadable', retryable: false });
  const { workers, checksums } = withWorkers();
  const result = checksums.crcOf(blob('a'));
  const told = assert.rejects(result, { code: 'unreadable', retryable: false });
  await turns();
  workers[0].onmessage({ data: { id: workers[0].asked[0].id, unreadable: true } });
  await told;
});

test('a file that has become shorter cannot be read', async () => {
  const file = pieced(new Uint8Array(4));
  file.size = 5;
  await assert.rejects(new Checksums({ start: noWorker }).crcOf(file), { code: 'unreadable' });
});

test('after a failure the next one is computed all the same', async () => {
  const checksums = new Checksums({ start: noWorker });
  const failing = checksums.crcOf(pieced(new Error('no')));
  const next = checksums.crcOf(blob('a'));
  await assert.rejects(failing, { code: 'unreadable' });
  assert.equal(await next, crcOf('a'));
});

test('an abort is answered at once, and the worker stops reading', async () => {
  const { workers, checksums } = withWorkers();
  const run = new AbortController();
  const result = checksums.crcOf(blob('a'), run.signal);
  await turns();
  run.abort(new Error('paused'));
  await assert.rejects(result, /paused/);
  await turns();
  assert.equal(workers[0].asked.at(-1).blob, null);
});

test('the late answer to what was given up is not taken for the next', async () => {
  const { workers, checksums } = withWorkers();
  const run = new AbortController();
  const first = checksums.crcOf(blob('a'), run.signal);
  await turns();
  run.abort(new Error('paused'));
  await assert.rejects(first, /paused/);
  const second = checksums.crcOf(blob('b'));
  await turns();
  workers[0].onmessage({ data: { id: workers[0].asked[0].id, crc: 1 } });
  await workers[0].answer(2);
  assert.equal(await second, 2);
});

test('one that is aborted while waiting is never computed', async () => {
  const { workers, checksums } = withWorkers();
  const run = new AbortController();
  const first = checksums.crcOf(blob('a'));
  const second = checksums.crcOf(blob('b'), run.signal);
  const third = checksums.crcOf(blob('c'));
  await turns();
  run.abort(new Error('paused'));
  await assert.rejects(second, /paused/);
  await workers[0].answer(1);
  await workers[0].answer(3);
  assert.deepEqual([await first, await third], [1, 3]);
  assert.equal(workers[0].asked.length, 2);
});

test('in the page an abort ends the reading', async () => {
  const run = new AbortController();
  const file = pieced(...Array.from({ length: 50 }, () => new Uint8Array(5)));
  const checksums = new Checksums({ start: noWorker });
  const result = checksums.crcOf(file, run.signal);
  while (file.read === 0) await null;
  run.abort(new Error('paused'));
  await assert.rejects(result, /paused/);
  await checksums.crcOf(blob('the turn after'));
  assert.ok(file.left);
  assert.ok(file.read < 5, `${file.read} pieces were read`);
});

test('a worker that dies is replaced once, and what it was at is computed', async () => {
  const { workers, checksums } = withWorkers();
  const result = checksums.crcOf(blob('a'));
  await turns();
  await workers[0].die();
  assert.ok(workers[0].ended);
  await workers[1].answer(1);
  assert.equal(await result, 1);
});

test('a worker that dies while it has nothing to do is replaced, too', async () => {
  const { workers, checksums } = withWorkers();
  const first = checksums.crcOf(blob('a'));
  await turns();
  await workers[0].answer(1);
  await first;
  await workers[0].die();
  const second = checksums.crcOf(blob('b'));
  await turns();
  await workers[1].answer(2);
  assert.equal(await second, 2);
});

test('after the second worker has died it is computed in the page', async () => {
  const { workers, checksums } = withWorkers();
  const result = checksums.crcOf(blob('a'));
  await turns();
  await workers[0].die();
  await workers[1].die();
  assert.equal(await result, crcOf('a'));
  assert.equal(workers.length, 2);
});

test('closing ends the worker, and everything that waits', async () => {
  const { workers, checksums } = withWorkers();
  const waiting = [checksums.crcOf(blob('a')), checksums.crcOf(blob('b'))];
  await turns();
  checksums.close();
  for (const result of [...waiting, checksums.crcOf(blob('c'))]) await assert.rejects(result, { name: 'AbortError' });
  assert.ok(workers[0].ended);
  assert.equal(workers.length, 1);
});

test('closing ends a worker that has not started yet', async () => {
  const worker = new FakeWorker();
  let ready;
  const start = () => new Promise((resolve) => (ready = resolve));
  const checksums = new Checksums({ start });
  const result = checksums.crcOf(blob('a'));
  await turns();
  checksums.close();
  await assert.rejects(result, { name: 'AbortError' });
  ready(worker);
  await turns();
  assert.ok(worker.ended);
});
