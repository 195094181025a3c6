import assert from 'node:assert/strict';
import test from 'node:test';
import { SpillwayClient } from '../../main/webapp/assets/client/spillway-client.js';
import { networkProblem } from '../../main/webapp/assets/client/problems.js';
import { FakeServer, busy, json, problem } from './fake-server.mjs';

const CHUNKS = 'POST uploads/u1/chunks';

function fileOf(size, name = 'film.mov', lastModified = 1) {
  const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 7 + name.length) % 251);
  return new File([bytes], name, { type: 'video/quicktime', lastModified });
}

/** A client of a fake server, whose waits are recorded instead of waited. */
function clientOf(server, { edge = {}, ...options } = {}) {
  const waits = [];
  let now = 1_000_000;
  const sleep = async (ms, signal) => {
    // These bound what never takes so long here.
    if (ms === 10_000 || ms === 20_000) return new Promise((resolve) => signal.addEventListener('abort', resolve));
    waits.push(ms);
    now += ms;
    await new Promise((resolve) => setImmediate(resolve));
  };
  const client = new SpillwayClient({
    endpoint: 'http://server/ctx/', remember: false,
    chunkBytes: { min: 10, max: 10, start: 10 }, parallel: { min: 1, max: 3, start: 3 },
    edge: { transport: server.transport, random: () => 1, now: () => now, sleep, locks: null, ...edge },
    ...options,
  });
  return { client, waits };
}

/** Resolves when the upload is in one of these states; gives up after a while. */
function reaching(upload, ...states) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`still ${upload.state}: ${upload.problem}`)), 30_000);
    const look = () => {
      if (!states.includes(upload.state)) return;
      clearTimeout(late);
      upload.removeEventListener('state', look);
      resolve();
    };
    upload.addEventListener('state', look);
    look();
  });
}

/** What is remembered, in memory. */
function shelved() {
  const shelf = new Map();
  return {
    get: async (key) => shelf.get(key),
    put: async (record) => !!shelf.set(record.key, record),
    delete: async (key) => shelf.delete(key),
    all: async () => [...shelf.values()],
    close() {},
  };
}

/** Lets others come in between two questions. */
const slowly = (ms, signal) => new Promise((resolve) => {
  const timer = setTimeout(resolve, ms < 10_000 ? 1 : 10_000);
  signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()));
});

/** Resolves when every request has ended and what follows from the last one has happened. */
async function quiet(server) {
  for (let calm = 0, turns = 0; calm < 10; calm = server.inFlight === 0 ? calm + 1 : 0) {
    assert.ok(++turns < 1_000, 'requests are still in flight');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Answers the nth call of a kind (from 1) with what is given. */
function onNth(kind, nth, answer) {
  let seen = 0;
  return (call) => (call === kind && ++seen === nth ? answer() : undefined);
}

/** Adds a file of 95 bytes and waits for its end. */
async function uploaded(server, options, file = fileOf(95)) {
  const { client, waits } = clientOf(server, options);
  const upload = await client.add(file);
  await reaching(upload, 'completed', 'failed');
  return { client, upload, waits };
}

async function assertWhole(server, file, upload = server.upload) {
  assert.equal(upload.state, 'COMPLETED');
  assert.deepEqual(server.content(upload), new Uint8Array(await file.arrayBuffer()));
}

test('a file arrives whole and the finished file is known', async () => {
  const server = new FakeServer();
  const file = fileOf(95);
  const { upload } = await uploaded(server, {}, file);
  await assertWhole(server, file);
  assert.equal(upload.link, 'http://server/ctx/files/u1');
  assert.match(upload.crc32c, /^[A-Za-z0-9+/]{6}==$/);
  assert.equal(upload.receivedBytes, 95);
  assert.equal(upload.sentBytes, 95);
  assert.equal(await upload.done, upload);
});

test('opening names the file, its type and its folder, under a random key', async () => {
  const server = new FakeServer();
  const { client } = clientOf(server);
  const upload = await client.add(fileOf(5, '<img src=x>'), { path: 'a/b/<img src=x>', metadata: { album: '7' } });
  await reaching(upload, 'completed');
  const { body, headers } = server.requests[0];
  assert.deepEqual(JSON.parse(body), {
    name: '<img src=x>', size: 5, type: 'video/quicktime', chunkSize: 10,
    metadata: { album: '7', relativePath: 'a/b/<img src=x>' },
  });
  assert.match(headers['Idempotency-Key'], /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('an empty file is finished without a chunk', async () => {
  const server = new FakeServer();
  const { upload } = await uploaded(server, {}, fileOf(0));
  assert.equal(upload.state, 'completed');
  assert.deepEqual(server.requests.map(({ call }) => call), ['POST uploads', 'POST uploads/u1/finish']);
});

test('chunks of all files together are no more at once than the line allows', async () => {
  const server = new FakeServer();
  const { client } = clientOf(server, { parallel: { min: 1, max: 2, start: 2 } });
  const most = { chunks: 0, now: 0 };
  server.before = async (call) => {
    if (!call.endsWith('/chunks')) return;
    most.chunks = Math.max(most.chunks, ++most.now);
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    most.now--;
  };
  const uploads = await Promise.all([1, 2, 3].map((n) => client.add(fileOf(60, `f${n}`))));
  await Promise.all(uploads.map(({ done }) => done));
  assert.equal(most.chunks, 2);
});

test('headers of the page go with every request, asked for each time', async () => {
  const server = new FakeServer();
  let asked = 0;
  await uploaded(server, { headers: async () => ({ Authorization: `Bearer ${++asked}` }) });
  const tokens = server.requests.map(({ headers }) => headers.Authorization);
  assert.equal(new Set(tokens).size, server.requests.length);
});

test('resuming asks for what is missing and sends only that', async () => {
  const server = new FakeServer();
  const { client } = clientOf(server);
  const upload = await client.add(fileOf(95));
  server.before = (call) => {
    if (server.count(CHUNKS) > 4) upload.pause();
  };
  await reaching(upload, 'paused');
  await quiet(server);
  const had = server.upload.bytes.size;
  assert.ok(had > 0 && had < 95);
  server.before = () => undefined;
  const sentBefore = server.count(CHUNKS);
  await upload.resume();
  await reaching(upload, 'completed');
  assert.equal((server.count(CHUNKS) - sentBefore) * 10, Math.ceil((95 - had) / 10) * 10);
  await assertWhole(server, fileOf(95));
});

test('a busy server is left alone for as long as it asked', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 2, () => busy('7'));
  const { upload, waits } = await uploaded(server);
  assert.equal(upload.state, 'completed');
  assert.ok(waits.some((ms) => ms >= 7_000 && ms <= 8_000), `waited ${waits}`);
});

test('after a lost connection only what is missing is sent', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 3, () => { throw networkProblem(); });
  const file = fileOf(95);
  await uploaded(server, {}, file);
  await assertWhole(server, file);
  assert.equal(server.count(CHUNKS), 11);
});

test('a chunk whose answer got lost is not sent again', async () => {
  const server = new FakeServer();
  server.after = onNth(CHUNKS, 3, () => { throw networkProblem(); });
  const file = fileOf(95);
  await uploaded(server, {}, file);
  await assertWhole(server, file);
  assert.equal(server.count(CHUNKS), 10);
});

test('a chunk that was corrupted on the way is sent again', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 2, () => problem(422, 'checksum-mismatch', { retryable: true, retryAfter: '1' }));
  const file = fileOf(95);
  await uploaded(server, {}, file);
  await assertWhole(server, file);
});

test('opening again after a lost answer uses the same key', async () => {
  const server = new FakeServer();
  server.after = onNth('POST uploads', 1, () => { throw networkProblem(); });
  await uploaded(server);
  const opened = server.requests.filter(({ call }) => call === 'POST uploads');
  assert.equal(opened.length, 2);
  assert.equal(new Set(opened.map(({ headers }) => headers['Idempotency-Key'])).size, 1);
  assert.equal(server.uploads.size, 1);
});

test('trying in vain ends when the patience is used up', async () => {
  const server = new FakeServer();
  server.before = () => busy();
  const { upload, waits } = await uploaded(server, { patienceMs: 60_000 });
  assert.equal(upload.state, 'failed');
  assert.equal(upload.problem.code, 'busy');
  const waited = waits.reduce((sum, ms) => sum + ms, 0);
  assert.ok(waited >= 60_000 && waited < 150_000, `waited ${waited}`);
  assert.ok(server.requests.length < 20, `${server.requests.length} requests`);
});

test('a refusal that cannot be retried fails at once and in words', async () => {
  const server = new FakeServer();
  server.before = () => problem(413, 'upload-too-large', { detail: 'The file has 95 bytes; the limit is 50.' });
  const { upload } = await uploaded(server);
  assert.equal(upload.state, 'failed');
  assert.equal(upload.problem.code, 'upload-too-large');
  assert.equal(server.requests.length, 1);
  await assert.rejects(upload.done, { code: 'upload-too-large' });
});

test('a wait longer than anyone would sit through fails instead', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 1, () => busy('3600'));
  const { upload } = await uploaded(server);
  assert.equal(upload.state, 'failed');
  assert.equal(upload.problem.retryAfterMs, 3_600_000);
});

test('chunks that the server has lost by the end are sent again', async () => {
  const server = new FakeServer();
  server.before = onNth('POST uploads/u1/finish', 1, () => {
    for (let i = 20; i < 50; i++) server.upload.bytes.delete(i);
  });
  const file = fileOf(95);
  await uploaded(server, {}, file);
  await assertWhole(server, file);
});

test('a file that is still being published is asked for until it is there', async () => {
  const server = new FakeServer();
  server.after = (call) => {
    if (call === 'POST uploads') server.upload.publishes = true;
    if (server.count('GET uploads/u1') === 3) server.upload.state = 'COMPLETED';
  };
  const { upload } = await uploaded(server);
  assert.equal(upload.state, 'completed');
});

test('a file that is being published takes no place from the next', async () => {
  const server = new FakeServer();
  server.after = (call) => {
    if (call === 'POST uploads' && server.uploads.size === 1) server.upload.publishes = true;
  };
  const { client } = clientOf(server, { filesAtOnce: 1, edge: { sleep: slowly } });
  const [first, second] = await Promise.all([client.add(fileOf(95)), client.add(fileOf(25, 'next.bin'))]);
  await reaching(second, 'completed');
  assert.equal(first.state, 'publishing');
  await first.cancel();
  assert.equal(first.state, 'publishing');
  server.upload.state = 'COMPLETED';
  await reaching(first, 'completed');
});

test('what an earlier page left to be published is seen to its end without its file', async () => {
  const server = new FakeServer();
  const remembered = shelved();
  server.after = (call) => {
    if (call === 'POST uploads') server.upload.publishes = true;
  };
  const first = clientOf(server, { edge: { remembered, sleep: slowly } }).client;
  await reaching(await first.add(fileOf(95)), 'publishing');
  first.close();
  const [restored] = await clientOf(server, { edge: { remembered, sleep: slowly } }).client.restore();
  assert.equal(restored.state, 'publishing');
  server.upload.state = 'COMPLETED';
  await reaching(restored, 'completed');
  assert.ok(restored.link);
});

test('what the server could not store it is asked to store again, when the reader says so', async () => {
  const server = new FakeServer();
  server.after = (call) => {
    if (call === 'POST uploads') server.upload.publishes = true;
    if (server.count('GET uploads/u1') === 1) server.upload.state = 'FAILED';
  };
  const { client } = clientOf(server);
  const upload = await client.add(fileOf(95));
  await reaching(upload, 'failed');
  assert.equal(upload.problem.code, 'unfinished');
  const chunks = server.count(CHUNKS);
  server.upload.publishes = false;
  upload.retry();
  await reaching(upload, 'completed');
  assert.equal(server.count(CHUNKS), chunks);
  assert.equal(server.count('POST uploads/u1/finish'), 2);
});

test('an upload that has expired meanwhile starts over by itself, once', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 4, () => { server.upload.state = 'EXPIRED'; });
  const file = fileOf(95);
  const { upload } = await uploaded(server, {}, file);
  assert.equal(upload.state, 'completed');
  assert.equal(server.uploads.size, 2);
  await assertWhole(server, file, server.uploads.get('u2'));
});

test('the key of an upload that starts over is remembered before it is used', async () => {
  const server = new FakeServer();
  const keys = [];
  const remembered = { get: async () => null, put: async ({ idempotencyKey }) => keys.push(idempotencyKey), delete: async () => {}, all: async () => [], close() {} };
  server.before = (call, { headers }) => {
    if (call === 'POST uploads') assert.ok(keys.includes(headers['Idempotency-Key']));
    if (call === CHUNKS && server.count(CHUNKS) === 4) server.upload.state = 'EXPIRED';
  };
  const { upload } = await uploaded(server, { edge: { remembered } });
  assert.equal(upload.state, 'completed');
  assert.equal(server.uploads.size, 2);
});

test('an upload that somebody has cancelled on the server fails, and starts over on retry', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 4, () => { server.upload.state = 'CANCELLED'; });
  const { upload } = await uploaded(server);
  assert.equal(upload.state, 'failed');
  assert.equal(upload.problem.code, 'upload-cancelled');
  upload.retry();
  await reaching(upload, 'completed');
  assert.equal(upload.id, 'u2');
});

test('a proxy page with 404 does not make the upload forgotten', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 2, () => ({ status: 404, type: 'text/html', retryAfter: null, text: '<h1>404</h1>' }));
  const { upload } = await uploaded(server);
  assert.equal(upload.state, 'failed');
  upload.retry();
  await reaching(upload, 'completed');
  assert.equal(server.uploads.size, 1);
});

test('a proxy that takes only small bodies gets smaller chunks', async () => {
  const server = new FakeServer();
  server.chunkSize = 1 << 20;
  server.before = (call, { body }) =>
    call === CHUNKS && body.get('chunk').size > 100_000 ? { status: 413, type: 'text/html', retryAfter: null, text: '' } : undefined;
  const chunkBytes = { min: 1 << 16, max: 1 << 20, start: 1 << 19 };
  const { upload } = await uploaded(server, { chunkBytes }, fileOf(600_000));
  assert.equal(upload.state, 'completed');
});

test('a page where JSON was expected fails in words', async () => {
  const server = new FakeServer();
  server.before = () => ({ status: 200, type: 'text/html', retryAfter: null, text: '<h1>Sign in</h1>' });
  const { upload } = await uploaded(server);
  assert.equal(upload.problem.code, 'unexpected');
  assert.match(upload.problem.detail, /signed out/);
});

test('a file that cannot be read any more fails in words', async () => {
  const file = fileOf(95);
  const pull = (controller) => controller.error(new DOMException('', 'NotReadableError'));
  file.slice = () => ({ size: 10, slice() { return this; }, stream: () => new ReadableStream({ pull }) });
  const { upload } = await uploaded(new FakeServer(), {}, file);
  assert.equal(upload.problem.code, 'unreadable');
});

test('a file that could not be read goes on when it is added again', async () => {
  const server = new FakeServer();
  const file = fileOf(95);
  file.slice = () => { throw new DOMException('', 'NotReadableError'); };
  const { client, upload } = await uploaded(server, {}, file);
  assert.equal(await client.add(fileOf(95)), upload);
  upload.retry();
  await reaching(upload, 'completed');
  await assertWhole(server, fileOf(95));
});

test('a file that is not the one whose first part was sent is never finished', async () => {
  const server = new FakeServer();
  const { client } = clientOf(server);
  const upload = await client.add(fileOf(95));
  server.before = (call) => {
    if (call === CHUNKS && server.count(CHUNKS) > 4) upload.pause();
  };
  await reaching(upload, 'paused');
  await quiet(server);
  server.before = () => undefined;
  // What lies on the server is not what this file begins with; both have the same name, size and time.
  server.upload.bytes.set(0, 255 - server.upload.bytes.get(0));
  await upload.resume();
  await reaching(upload, 'failed');
  assert.equal(upload.problem.code, 'changed');
  assert.equal(server.upload.state, 'RECEIVING');
  upload.retry();
  await reaching(upload, 'completed');
  await assertWhole(server, fileOf(95), server.uploads.get('u2'));
  assert.equal(server.upload.state, 'CANCELLED');
});

test('cancelling ends the upload on the server', async () => {
  const server = new FakeServer();
  const { client } = clientOf(server);
  const upload = await client.add(fileOf(95));
  await reaching(upload, 'uploading');
  await upload.cancel();
  assert.equal(upload.state, 'cancelled');
  assert.equal(server.upload.state, 'CANCELLED');
});

test('cancelling while the upload is being opened leaves none behind', async () => {
  const server = new FakeServer();
  const { client } = clientOf(server);
  const upload = await client.add(fileOf(95));
  assert.equal(upload.state, 'starting');
  await upload.cancel();
  assert.equal(server.upload?.state ?? 'CANCELLED', 'CANCELLED');
});

test('a cancelled upload starts from the beginning on retry', async () => {
  const server = new FakeServer();
  const { client } = clientOf(server);
  const upload = await client.add(fileOf(95));
  await reaching(upload, 'uploading');
  await upload.cancel();
  upload.retry();
  await reaching(upload, 'completed');
  assert.equal(upload.id, 'u2');
});

test('pausing during a wait ends it, and nothing more is sent', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 1, () => busy('60'));
  const { client } = clientOf(server);
  const upload = await client.add(fileOf(95));
  await reaching(upload, 'waiting');
  assert.equal(upload.problem.code, 'busy');
  assert.ok(upload.retryAt >= 1_060_000);
  upload.pause();
  await quiet(server);
  const sent = server.requests.length;
  await quiet(server);
  assert.equal(server.requests.length, sent);
  assert.equal(upload.state, 'paused');
});

test('some files run at once, and a paused one makes room', async () => {
  const server = new FakeServer();
  let open = () => undefined;
  server.before = (call) => (call.endsWith('/chunks') ? new Promise((resolve) => { open = resolve; }) : undefined);
  const { client } = clientOf(server, { filesAtOnce: 1, edge: { sleep: slowly } });
  const [one, two] = await Promise.all([client.add(fileOf(5, 'one')), client.add(fileOf(5, 'two'))]);
  await reaching(one, 'uploading');
  assert.equal(two.state, 'queued');
  one.pause();
  await reaching(two, 'uploading');
  server.before = () => undefined;
  open();
  await reaching(two, 'completed');
});

test('the same file added twice is one upload', async () => {
  const server = new FakeServer();
  const { client } = clientOf(server);
  const [one, two] = await Promise.all([client.add(fileOf(95)), client.add(fileOf(95))]);
  assert.equal(one, two);
  await reaching(one, 'completed');
  const again = await client.add(fileOf(95));
  assert.notEqual(again, one);
  await reaching(again, 'completed');
  assert.equal(server.uploads.size, 2);
});

test('the module tells every state and the uploads that are over can be cleared', async () => {
  const server = new FakeServer();
  const { client } = clientOf(server);
  const states = [];
  client.addEventListener('change', ({ detail }) => states.push(detail.state));
  const upload = await client.add(fileOf(25));
  await reaching(upload, 'completed');
  assert.deepEqual(states, ['queued', 'starting', 'uploading', 'finishing', 'completed']);
  client.clear();
  assert.deepEqual(client.uploads, []);
});

test('nobody asks while the network is away, and all go on when it is back', async () => {
  const server = new FakeServer();
  const network = { up: false, listener: null };
  const edge = { online: () => network.up, onOnline: (listener) => ((network.listener ??= new Set()).add(listener), () => network.listener.delete(listener)) };
  const { client } = clientOf(server, { edge });
  const upload = await client.add(fileOf(95));
  await reaching(upload, 'waiting');
  assert.equal(upload.problem.code, 'offline');
  assert.equal(server.requests.length, 0);
  network.up = true;
  network.listener.forEach((listener) => listener());
  await reaching(upload, 'completed');
});

test('what an earlier page left unfinished goes on with the same file', async () => {
  const server = new FakeServer();
  const remembered = shelved();
  const first = clientOf(server, { edge: { remembered } }).client;
  const before = await first.add(fileOf(95));
  server.before = (call) => {
    if (call === CHUNKS && server.count(CHUNKS) > 5) first.close();
  };
  await reaching(before, 'paused');
  await quiet(server);
  server.before = () => undefined;
  const had = server.upload.bytes.size;
  const sent = server.count(CHUNKS);

  const second = clientOf(server, { edge: { remembered } }).client;
  const [restored] = await second.restore();
  assert.equal(restored.state, 'needs-file');
  assert.equal(restored.receivedBytes, had);
  assert.equal(await second.add(fileOf(95)), restored);
  await reaching(restored, 'completed');
  assert.equal(server.count(CHUNKS) - sent, Math.ceil((95 - had) / 10));
  assert.equal(server.uploads.size, 1);
  await assertWhole(server, fileOf(95));
  assert.deepEqual(await clientOf(server, { edge: { remembered } }).client.restore(), []);
});

test('an endpoint is needed where the module does not come from a server', () => {
  assert.throws(() => new SpillwayClient({}), TypeError);
});
