import assert from 'node:assert/strict';
import test from 'node:test';
import { base64Of, crc32c } from '../../main/webapp/assets/crc32c.js';
import {
  ChunkedUpload, LIMITS, SpeedMeter, UploadLanes, backOffMs, chunksOf, networkProblem, problemOf, randomKey,
  retryAfterMs,
} from '../../main/webapp/assets/upload.js';

const CHUNK = 10;

function fileOf(size, name = 'film.mov') {
  return new File([Uint8Array.from({ length: size }, (_, i) => i % 251)], name, { type: 'video/quicktime' });
}

function json(status, value, retryAfter = null) {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  return { status, type, retryAfter, text: value === undefined ? '' : JSON.stringify(value) };
}

/** What the server answers to a GET of an upload that has ended. */
const GONE = {
  CANCELLED: { title: 'Upload cancelled', code: 'upload-cancelled', detail: 'It was cancelled.', retryable: false },
  EXPIRED: {
    title: 'Upload expired', code: 'upload-expired', detail: 'The upload ended at 10:00: no new byte arrived for 2 h.',
    retryable: false, reason: 'idle',
  },
};

/** The server's side of the protocol in memory, for one upload; `before` may answer or throw instead of it. */
class FakeServer {
  requests = [];
  bytes = new Map(); // chunk index → its bytes
  state = 'RECEIVING';
  inFlight = 0;
  mostInFlight = 0;
  before = () => undefined;
  size = 0;

  transport = async (request) => {
    const call = `${request.method} ${request.url}`;
    this.requests.push({ ...request, call });
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      request.signal?.throwIfAborted();
      return (await this.before(call, request)) ?? (await this.answer(call, request));
    } finally {
      this.inFlight--;
    }
  };

  async answer(call, { body }) {
    if (call === 'POST uploads') {
      this.size = JSON.parse(body).size;
      return json(201, this.upload());
    }
    if (call === 'POST uploads/u1/chunks') return this.receive(body);
    if (call === 'GET uploads/u1') return GONE[this.state] ? json(410, GONE[this.state]) : json(200, this.upload());
    if (call === 'POST uploads/u1/finish') {
      if (this.missing().length > 0) {
        return json(409, { title: 'Not complete', code: 'upload-incomplete', retryable: false, missing: this.missing() });
      }
      this.state = 'COMPLETED';
      return json(200, this.upload());
    }
    assert.equal(call, 'DELETE uploads/u1');
    this.state = 'CANCELLED';
    return json(204);
  }

  async receive(form) {
    assert.deepEqual([...form.keys()], ['index', 'checksum', 'chunk']);
    const bytes = new Uint8Array(await form.get('chunk').arrayBuffer());
    assert.equal(form.get('checksum'), `crc32c=${base64Of(crc32c(bytes))}`);
    const index = Number(form.get('index'));
    const duplicate = this.bytes.has(index);
    this.bytes.set(index, bytes);
    return json(200, { range: [index * CHUNK, index * CHUNK + bytes.length], receivedBytes: this.received(), duplicate });
  }

  received() {
    return [...this.bytes.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  }

  missing() {
    const ranges = [];
    for (let from = 0; from < this.size; from += CHUNK) {
      if (!this.bytes.has(from / CHUNK)) ranges.push([from, Math.min(from + CHUNK, this.size)]);
    }
    return ranges;
  }

  upload() {
    return {
      id: 'u1', size: this.size, chunkSize: CHUNK, state: this.state, receivedBytes: this.received(),
      missing: this.missing(),
      ...(this.state === 'COMPLETED' && { file: '/ctx/files/u1', checksum: { crc32c: 'yZRlqg==' } }),
    };
  }

  count(call) {
    return this.requests.filter((request) => request.call === call).length;
  }
}

/** An upload whose clock stands still, whose waits are recorded instead of waited. */
function uploadTo(server, file, edge = {}) {
  const waits = [];
  const upload = new ChunkedUpload(file, {
    transport: server.transport, random: () => 1, now: () => 0, sleep: async (ms) => void waits.push(ms), ...edge,
  });
  return { upload, waits };
}

/** Resolves when the upload is in one of these states; gives up after a while. */
function reaching(upload, ...states) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`still ${upload.state}: ${upload.problem}`)), 5_000);
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

/** Resolves when every request has ended and what follows from the last one has happened. */
async function quiet(server) {
  for (let calm = 0, turns = 0; calm < 5; calm = server.inFlight === 0 ? calm + 1 : 0) {
    assert.ok(++turns < 1_000, 'requests are still in flight');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const CHUNKS = 'POST uploads/u1/chunks';
const busy = (retryAfter = null) => json(503, { title: 'Busy', code: 'busy', detail: 'All buffers are in use.', retryable: true }, retryAfter);

/** Answers the nth call of a kind (from 1) with what is given. */
function onNth(kind, nth, answer) {
  let seen = 0;
  return (call) => (call === kind && ++seen === nth ? answer() : undefined);
}

test('a file arrives whole and the finished file is known', async () => {
  const server = new FakeServer();
  const file = fileOf(95);
  const { upload } = uploadTo(server, file);
  upload.start();
  await reaching(upload, 'completed');
  const arrived = Buffer.concat([...server.bytes.entries()].sort(([a], [b]) => a - b).map(([, bytes]) => bytes));
  assert.deepEqual(arrived, Buffer.from(await file.arrayBuffer()));
  assert.equal(upload.link, '/ctx/files/u1');
  assert.equal(upload.crc32c, 'yZRlqg==');
  assert.equal(upload.sentBytes, 95);
});

test('opening names the file, its size and its type, under a random key', async () => {
  const server = new FakeServer();
  const { upload } = uploadTo(server, fileOf(5, '<img src=x>'));
  upload.start();
  await reaching(upload, 'completed');
  const { body, headers } = server.requests[0];
  assert.deepEqual(JSON.parse(body), { name: '<img src=x>', size: 5, type: 'video/quicktime' });
  assert.match(headers['Idempotency-Key'], /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('an empty file is finished without a chunk', async () => {
  const server = new FakeServer();
  const { upload } = uploadTo(server, fileOf(0));
  upload.start();
  await reaching(upload, 'completed');
  assert.deepEqual(server.requests.map((request) => request.call), ['POST uploads', 'POST uploads/u1/finish']);
});

test('no more than three chunks are in flight', async () => {
  const server = new FakeServer();
  const { upload } = uploadTo(server, fileOf(200));
  upload.start();
  await reaching(upload, 'completed');
  assert.equal(server.mostInFlight, LIMITS.chunksInFlight);
});

test('resuming asks for what is missing and sends only that', async () => {
  const server = new FakeServer();
  const { upload } = uploadTo(server, fileOf(100));
  server.before = onNth(CHUNKS, 5, () => upload.pause());
  upload.start();
  await reaching(upload, 'paused');
  await quiet(server);
  const before = server.requests.length;
  const missing = server.missing().length;
  server.before = () => undefined;
  upload.enqueue();
  upload.start();
  await reaching(upload, 'completed');
  const calls = server.requests.slice(before).map((request) => request.call);
  assert.equal(calls[0], 'GET uploads/u1');
  assert.equal(calls.filter((call) => call === CHUNKS).length, missing);
  assert.equal(server.count('POST uploads'), 1);
});

test('a busy server is left alone for as long as it asked', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 2, () => busy('7'));
  const { upload, waits } = uploadTo(server, fileOf(50), { random: () => 0 });
  upload.start();
  await reaching(upload, 'completed');
  assert.deepEqual(waits, [7_000]);
});

test('after a lost connection only what is missing is sent', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 4, () => Promise.reject(networkProblem()));
  const { upload } = uploadTo(server, fileOf(100));
  upload.start();
  await reaching(upload, 'completed');
  assert.equal(server.count('GET uploads/u1'), 1);
  assert.equal(server.count(CHUNKS), 11);
});

test('opening again after a lost answer uses the same key', async () => {
  const server = new FakeServer();
  server.before = onNth('POST uploads', 1, () => Promise.reject(networkProblem()));
  const { upload } = uploadTo(server, fileOf(5));
  upload.start();
  await reaching(upload, 'completed');
  const keys = server.requests.filter(({ call }) => call === 'POST uploads').map(({ headers }) => headers['Idempotency-Key']);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
});

test('attempts that get nowhere are bounded and grow apart', async () => {
  const server = new FakeServer();
  server.before = (call) => (call === CHUNKS ? busy() : undefined);
  const { upload, waits } = uploadTo(server, fileOf(5));
  upload.start();
  await reaching(upload, 'failed');
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]);
  assert.equal(upload.problem.title, 'Busy');
});

test('failures between which the server received something do not add up', async () => {
  const server = new FakeServer();
  let calls = 0;
  server.before = (call) => (call === CHUNKS && ++calls % 2 === 0 ? busy() : undefined);
  const { upload } = uploadTo(server, fileOf(300));
  upload.start();
  await reaching(upload, 'completed', 'failed');
  assert.equal(upload.state, 'completed');
});

test('a refusal that cannot be retried fails at once and in words', async () => {
  const server = new FakeServer();
  const refusal = { title: 'Too large', detail: 'The limit is 1 TiB.', code: 'too-large', retryable: false };
  server.before = () => json(413, refusal);
  const { upload, waits } = uploadTo(server, fileOf(5));
  upload.start();
  await reaching(upload, 'failed');
  assert.deepEqual(waits, []);
  assert.equal(upload.problem.title, 'Too large');
  assert.equal(upload.problem.detail, 'The limit is 1 TiB.');
});

test('a wait longer than anyone would sit through fails instead', async () => {
  const server = new FakeServer();
  server.before = () => busy('86400');
  const { upload, waits } = uploadTo(server, fileOf(5));
  upload.start();
  await reaching(upload, 'failed');
  assert.deepEqual(waits, []);
  assert.equal(upload.problem.retryAfterMs, 86_400_000);
});

test('chunks the server finds missing at the end are sent again', async () => {
  const server = new FakeServer();
  server.before = (call) => void (call === 'POST uploads/u1/finish' && server.count(call) === 1 && server.bytes.delete(2));
  const { upload } = uploadTo(server, fileOf(50));
  upload.start();
  await reaching(upload, 'completed');
  assert.equal(server.count(CHUNKS), 6);
});

test('a file that is still being published is asked for until it is there', async () => {
  const server = new FakeServer();
  let polls = 0;
  server.before = (call) => {
    if (call === 'POST uploads/u1/finish') return json(202, { ...server.upload(), state: 'PUBLISHING' });
    if (call === 'GET uploads/u1') server.state = ++polls < 3 ? 'PUBLISHING' : 'COMPLETED';
    return undefined;
  };
  const { upload, waits } = uploadTo(server, fileOf(5));
  upload.start();
  await reaching(upload, 'completed');
  assert.deepEqual(waits, [LIMITS.pollMs, LIMITS.pollMs, LIMITS.pollMs]);
});

test('an upload the server has lost starts from the beginning on retry', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 1, () => json(410, { title: 'Expired', code: 'expired', retryable: false }));
  const { upload } = uploadTo(server, fileOf(5));
  upload.start();
  await reaching(upload, 'failed');
  assert.equal(upload.id, null);
  upload.enqueue();
  upload.start();
  await reaching(upload, 'completed');
  const keys = server.requests.filter(({ call }) => call === 'POST uploads').map(({ headers }) => headers['Idempotency-Key']);
  assert.notEqual(keys[0], keys[1]);
});

test('an upload that expired while it was paused says when and why, and starts from the beginning on retry', async () => {
  const server = new FakeServer();
  const { upload } = uploadTo(server, fileOf(100));
  server.before = onNth(CHUNKS, 2, () => void upload.pause());
  upload.start();
  await reaching(upload, 'paused');
  server.state = 'EXPIRED';
  upload.enqueue();
  upload.start();
  await reaching(upload, 'failed');
  assert.equal(upload.problem.detail, GONE.EXPIRED.detail);
  assert.equal(upload.id, null);
  assert.equal(upload.sentBytes, 0);
  server.state = 'RECEIVING';
  server.bytes.clear();
  upload.enqueue();
  upload.start();
  await reaching(upload, 'completed');
  assert.equal(server.count('POST uploads'), 2);
});

test('an upload whose answer got lost until it had expired is not sent into nothing', async () => {
  const server = new FakeServer();
  server.state = 'EXPIRED';
  const { upload } = uploadTo(server, fileOf(100));
  upload.start();
  await reaching(upload, 'failed');
  assert.equal(upload.problem.code, 'gone');
  assert.equal(server.count(CHUNKS), 0);
});

test('a proxy page with 404 does not make the upload forgotten', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 1, () => ({ status: 404, type: 'text/html', text: '<h1>Not found</h1>', retryAfter: null }));
  const { upload } = uploadTo(server, fileOf(5));
  upload.start();
  await reaching(upload, 'failed');
  assert.equal(upload.id, 'u1');
});

test('a page where JSON was expected fails in words', async () => {
  const server = new FakeServer();
  server.before = () => ({ status: 200, type: 'text/html', text: '<h1>Sign in</h1>', retryAfter: null });
  const { upload } = uploadTo(server, fileOf(5));
  upload.start();
  await reaching(upload, 'failed');
  assert.equal(upload.problem.code, 'unexpected');
});

test('a file that cannot be read any more fails in words', async () => {
  const server = new FakeServer();
  const file = fileOf(5);
  file.slice = () => ({ size: 5, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }) });
  const { upload } = uploadTo(server, file);
  upload.start();
  await reaching(upload, 'failed');
  assert.equal(upload.problem.title, 'The file cannot be read');
});

test('cancelling ends the upload on the server', async () => {
  const server = new FakeServer();
  const { upload } = uploadTo(server, fileOf(100));
  server.before = onNth(CHUNKS, 4, () => void upload.cancel());
  upload.start();
  await reaching(upload, 'cancelled');
  assert.equal(server.state, 'CANCELLED');
  assert.equal(upload.sentBytes, 0);
});

test('cancelling while the upload is being opened leaves none behind', async () => {
  const server = new FakeServer();
  const { upload } = uploadTo(server, fileOf(100));
  server.before = onNth('POST uploads', 1, () => void upload.cancel());
  upload.start();
  await reaching(upload, 'cancelled');
  assert.equal(server.state, 'CANCELLED');
  assert.equal(server.count(CHUNKS), 0);
});

test('an upload cancelled before it was opened asks nothing of the server', async () => {
  const server = new FakeServer();
  const { upload } = uploadTo(server, fileOf(100));
  upload.start();
  await upload.cancel();
  assert.equal(upload.state, 'cancelled');
  assert.deepEqual(server.requests, []);
});

test('cancelling out of reach of the server ends here and says so', async () => {
  const server = new FakeServer();
  const { upload } = uploadTo(server, fileOf(100));
  server.before = onNth(CHUNKS, 4, () => upload.pause());
  upload.start();
  await reaching(upload, 'paused');
  server.before = () => Promise.reject(networkProblem());
  await upload.cancel();
  assert.equal(upload.state, 'cancelled');
  assert.equal(upload.problem.code, 'network');
});

test('pausing during a wait ends it, and nothing more is sent', async () => {
  const server = new FakeServer();
  server.before = (call) => (call === CHUNKS ? busy() : undefined);
  const { upload } = uploadTo(server, fileOf(5), {
    sleep: (ms, signal) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
  });
  upload.start();
  await reaching(upload, 'waiting');
  const sent = server.requests.length;
  upload.pause();
  await quiet(server);
  assert.equal(upload.state, 'paused');
  assert.equal(server.requests.length, sent);
});

test('a wait for the network ends when the network is back', async () => {
  const server = new FakeServer();
  server.before = onNth(CHUNKS, 1, () => Promise.reject(networkProblem()));
  const { upload } = uploadTo(server, fileOf(5), {
    sleep: (ms, signal) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
  });
  upload.start();
  await reaching(upload, 'waiting');
  await new Promise((resolve) => setImmediate(resolve));
  upload.wake();
  await reaching(upload, 'completed');
});

test('two files run at once, and a paused one makes room', async () => {
  const lanes = new UploadLanes(2);
  const stuck = { transport: () => new Promise(() => {}) };
  const uploads = Array.from({ length: 4 }, () => new ChunkedUpload(fileOf(5), stuck));
  for (const upload of uploads) lanes.submit(upload);
  assert.deepEqual(uploads.map((upload) => upload.state), ['starting', 'starting', 'queued', 'queued']);
  uploads[0].pause();
  assert.deepEqual(uploads.map((upload) => upload.state), ['paused', 'starting', 'starting', 'queued']);
  lanes.submit(uploads[0]);
  uploads[1].pause();
  assert.deepEqual(uploads.map((upload) => upload.state), ['queued', 'paused', 'starting', 'starting']);
});

test('chunks that touch a missing range come once each, with what of them is missing', () => {
  assert.deepEqual([...chunksOf([[5, 8], [9, 12], [40, 43]], 10, 43)], [
    { index: 0, from: 0, to: 10, missing: 4 },
    { index: 1, from: 10, to: 20, missing: 2 },
    { index: 4, from: 40, to: 43, missing: 3 },
  ]);
  assert.deepEqual([...chunksOf([], 10, 0)], []);
});

test('chunks of a huge file come one by one, not as a list', () => {
  const { value } = chunksOf([[0, 2 ** 50]], 65_536, 2 ** 50).next();
  assert.deepEqual(value, { index: 0, from: 0, to: 65_536, missing: 65_536 });
});

test('the back-off is spread from nothing to its whole window', () => {
  assert.equal(backOffMs(3, null, () => 0), 0);
  assert.equal(backOffMs(3, null, () => 1), 4_000);
  assert.equal(backOffMs(50, null, () => 1), LIMITS.longestBackOffMs);
});

test('the wait the server asks for is never shortened', () => {
  assert.equal(backOffMs(1, 5_000, () => 0), 5_000);
  assert.equal(backOffMs(9, 5_000, () => 1), 6_000);
});

test('Retry-After is understood in seconds, as a date, and when absent', () => {
  assert.equal(retryAfterMs('12', 0), 12_000);
  assert.equal(retryAfterMs('Thu, 01 Jan 1970 00:01:00 GMT', 10_000), 50_000);
  assert.equal(retryAfterMs('Thu, 01 Jan 1970 00:00:01 GMT', 10_000), 0);
  assert.equal(retryAfterMs(null, 0), null);
  assert.equal(retryAfterMs('soon', 0), null);
});

test('the wait of the header counts before the one of the body', () => {
  const problem = { title: 'Busy', retryable: true, retryAfter: 3 };
  assert.equal(problemOf(json(503, problem, '9'), 0).retryAfterMs, 9_000);
  assert.equal(problemOf(json(503, problem), 0).retryAfterMs, 3_000);
});

test('an answer without a reason is retried only where a gateway gives it in passing', () => {
  const bare = (status) => problemOf({ status, type: 'text/html', text: '<h1>no</h1>', retryAfter: null }, 0);
  assert.deepEqual([400, 404, 413, 500, 502, 503, 504].filter((status) => bare(status).retryable), [502, 503, 504]);
});

test('a problem that is not retryable stays so, whatever its status', () => {
  assert.equal(problemOf(json(503, { title: 'Full', retryable: false }), 0).retryable, false);
});

test('speed is that of the last seconds and dies away', () => {
  const meter = new SpeedMeter(5_000);
  for (let second = 0; second <= 10; second++) meter.add(second * second * 100, second * 1_000);
  assert.equal(meter.rate(10_000), 1_500);
  assert.equal(meter.rate(16_000), 0);
});

test('keys are version 4 UUIDs and differ', () => {
  const keys = new Set(Array.from({ length: 50 }, randomKey));
  assert.equal(keys.size, 50);
});
