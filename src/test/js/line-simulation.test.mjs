import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import test from 'node:test';
import { backOffMs } from '../../main/webapp/assets/client/backoff.js';
import { Line } from '../../main/webapp/assets/client/line.js';
import { UploadProblem, networkProblem } from '../../main/webapp/assets/client/problems.js';
import { HandClock, seeded } from './hand-clock.mjs';

const MIB = 1024 * 1024;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A server behind a line, in a few numbers. */
class ModelServer {
  alive = true;
  inside = 0;
  calls = []; // when each request came
  refusals = []; // when each was refused
  #clock;
  #how;

  /** @param how bytesPerSecond of one request; places; answerMs(requests inside) */
  constructor(clock, { bytesPerSecond = 8 * MIB, places = Infinity, answerMs = () => 50 } = {}) {
    this.#clock = clock;
    this.#how = { bytesPerSecond, places, answerMs };
  }

  /** Sends so many bytes, 0 for a request without a chunk. */
  async receive(bytes) {
    const { bytesPerSecond, places, answerMs } = this.#how;
    this.calls.push(this.#clock.now());
    if (!this.alive) {
      await this.#clock.sleep(5); // the connection is refused
      throw networkProblem();
    }
    if (bytes > 0 && this.inside >= places) throw this.#busy();
    this.inside++;
    const sentMs = (bytes * 1000) / bytesPerSecond;
    await this.#clock.sleep(sentMs);
    const answer = answerMs(this.inside);
    await this.#clock.sleep(answer);
    this.inside--;
    return { bytes, sentMs, answerMs: answer };
  }

  /** One, two and three seconds in turn, as the server asks for. */
  #busy() {
    this.refusals.push(this.#clock.now());
    const retryAfterMs = (1 + (this.refusals.length % 3)) * SECOND;
    return new UploadProblem({ title: 'Busy', code: 'busy', status: 503, retryable: true, retryAfterMs });
  }
}

/** One of the parallel ways of an upload, which never has enough: as Upload does it, with a back-off of its own. */
async function sendForever({ line, server, clock, random, signal }) {
  for (let failures = 0; !signal.aborted; ) {
    const pass = await line.enter({ signal, chunk: failures === 0 });
    const bytes = failures === 0 ? line.nextChunkBytes() : 0; // after a failure it asks where it stands
    try {
      pass.succeeded(await server.receive(bytes));
      failures = 0;
    } catch (problem) {
      pass.failed(problem, { bytes });
      await clock.sleep(backOffMs(++failures, problem.retryAfterMs, random), signal);
    } finally {
      pass.leave();
    }
  }
}

/** So many clients with so many ways each, sending until the end of the test. */
function world({ clients = 1, ways = 6, seed = 1, ...how } = {}) {
  const clock = new HandClock();
  const server = new ModelServer(clock, how);
  const random = seeded(seed);
  clock.random = random;
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const lines = Array.from({ length: clients }, () => {
    const line = new Line({ edge: clock.edge });
    for (let way = 0; way < ways; way++) {
      sendForever({ line, server, clock, random, signal: stop.signal }).catch(() => {});
    }
    return line;
  });
  const end = async () => {
    stop.abort();
    for (const line of lines) line.close();
    await clock.pass(10 * MINUTE);
    assert.equal(clock.timers, 0, 'timers are left');
  };
  return { clock, server, lines, line: lines[0], end };
}

/** What the limit was, second by second. */
async function limitsOver(ms, { clock, line }) {
  const limits = [];
  for (let passed = 0; passed < ms; passed += SECOND) {
    await clock.pass(SECOND);
    limits.push(line.status.limit);
  }
  return limits;
}

function average(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** The most of these times that fall into one span of this length, whenever it starts. */
function mostWithin(ms, times) {
  let most = 0;
  for (let from = 0, to = 0; to < times.length; to++) {
    while (times[to] - times[from] >= ms) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

test('a server that takes two chunks at once soon gets two, and refuses few', async (t) => {
  const all = world({ places: 2 });
  await all.clock.pass(MINUTE);
  const before = { calls: all.server.calls.length, refusals: all.server.refusals.length };
  const limits = await limitsOver(30 * MINUTE, all);
  const share = (all.server.refusals.length - before.refusals) / (all.server.calls.length - before.calls);
  const limit = average(limits);
  t.diagnostic(`limit ${limit.toFixed(2)} on average, ${(share * 100).toFixed(1)} % of the requests refused`);
  await all.end();
  assert.ok(limit > 1.7 && limit < 2.3, `limit ${limit}`);
  assert.ok(share < 0.03, `refused ${share}`);
});

test('a server whose answers take longer the more it has to do gets few chunks, also after hours', async (t) => {
  const all = world({ answerMs: (inside) => 500 * inside });
  await all.clock.pass(5 * MINUTE);
  const limits = await limitsOver(120 * MINUTE, all);
  t.diagnostic(`limit ${average(limits).toFixed(2)} on average, at most ${Math.max(...limits)}`);
  await all.end();
  assert.ok(average(limits) < 2.5, `limit ${average(limits)}`);
});

test('a server with nothing else to do soon gets as many chunks as may be, and long ones', async (t) => {
  const all = world({ bytesPerSecond: 100 * MIB });
  const limits = await limitsOver(MINUTE, all);
  const { chunkBytes } = all.line.status;
  t.diagnostic(`limit 6 after ${limits.indexOf(6) + 1} s, chunks of ${chunkBytes / MIB} MiB`);
  await all.end();
  assert.ok(limits.indexOf(6) >= 0 && limits.indexOf(6) < 20, limits.join());
  assert.equal(limits.at(-1), 6);
  assert.equal(chunkBytes, 64 * MIB);
});

test('twenty uploads leave a dead server alone, and come back by themselves', async (t) => {
  const all = world({ ways: 20 * 6 });
  await all.clock.pass(MINUTE);
  all.server.alive = false;
  const died = all.clock.time;
  await all.clock.pass(60 * MINUTE);
  const calls = all.server.calls.filter((at) => at >= died);
  const later = calls.filter((at) => at >= died + MINUTE);
  const [first, most] = [calls.length - later.length, mostWithin(MINUTE, later)];
  all.server.alive = true;
  const back = all.clock.time;
  all.server.calls = [];
  while (all.line.status.circuit !== 'closed' && all.clock.time < back + 5 * MINUTE) await all.clock.pass(SECOND);
  const seconds = (all.clock.time - back) / SECOND;
  const limits = await limitsOver(2 * MINUTE, all);
  t.diagnostic(`${first} requests in the first minute, then ${(later.length / 59).toFixed(1)} a minute, at most ` +
    `${most}; back after ${seconds} s, at full width after ${limits.indexOf(6) + 1} s more`);
  await all.end();
  assert.ok(first <= 30, `${first} requests in the first minute`);
  assert.ok(most <= 15, `${most} requests in a later minute`);
  assert.ok(seconds <= 31, `back after ${seconds} s`);
  assert.ok(limits.indexOf(6) >= 0, limits.join());
});

test('a thousand clients do not come back in the same second', async (t) => {
  const all = world({ clients: 1_000, ways: 1 });
  await all.clock.pass(5 * SECOND);
  all.server.alive = false;
  await all.clock.pass(2 * MINUTE);
  all.server.alive = true;
  const back = all.clock.time;
  const returned = new Map();
  for (const line of all.lines) {
    assert.notEqual(line.status.circuit, 'closed');
    line.addEventListener('change', () => {
      if (line.status.circuit === 'closed' && !returned.has(line)) returned.set(line, all.clock.time);
    });
  }
  await all.clock.pass(40 * SECOND);
  const times = [...returned.values()];
  const most = mostWithin(SECOND, times);
  t.diagnostic(`all are back after ${((times.at(-1) - back) / SECOND).toFixed(1)} s, at most ${most} in a second`);
  await all.end();
  assert.equal(times.length, 1_000);
  assert.ok(most <= 100, `${most} in the same second`);
});
