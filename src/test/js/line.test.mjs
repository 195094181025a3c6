import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import test from 'node:test';
import { Line } from '../../main/webapp/assets/client/line.js';
import { UploadProblem, networkProblem } from '../../main/webapp/assets/client/problems.js';
import { HandClock, settled } from './hand-clock.mjs';

const MIB = 1024 * 1024;
const WELL = { bytes: 4 * MIB, sentMs: 100, answerMs: 20 };

function busy() {
  return new UploadProblem({ title: 'Busy', code: 'busy', status: 503, retryable: true });
}

/** A line that bears `places` chunks at once, and its clock. */
function lineOf(places = 2, options = {}) {
  const clock = new HandClock();
  const parallel = { min: places, max: places, start: places };
  const chunkBytes = { min: MIB, max: 64 * MIB, start: 4 * MIB };
  return { clock, line: new Line({ parallel, chunkBytes, edge: clock.edge, ...options }) };
}

/** Asks to enter, and notes what comes of it. */
function asking(line, way = {}) {
  const heard = { pass: null, error: null, waits: [] };
  const controller = new AbortController();
  const entered = line.enter({
    signal: controller.signal,
    onWait: (why) => heard.waits.push(why && [why.problem.code, why.until]),
    ...way,
  });
  entered.then((pass) => (heard.pass = pass), (error) => (heard.error = error));
  return Object.assign(heard, { abort: () => controller.abort(), signal: controller.signal });
}

function withChunk(line, way) {
  return asking(line, { chunk: true, ...way });
}

/** Has so many requests fail at once. */
async function failing(line, times = 5, problem = networkProblem()) {
  const all = Array.from({ length: times }, () => asking(line));
  await settled();
  for (const { pass } of all) pass.failed(problem, { bytes: 0 });
}

/** That nothing is kept of what is over. */
function assertNothingLeft(clock, ...asked) {
  assert.equal(clock.timers, 0, 'timers');
  for (const { signal } of asked) assert.equal(getEventListeners(signal, 'abort').length, 0, 'listeners');
}

test('chunks wait for a place, and get it in the order in which they came', async () => {
  const { clock, line } = lineOf(2);
  const all = Array.from({ length: 5 }, () => withChunk(line));
  await settled();
  const inside = () => all.map(({ pass }) => pass !== null);
  assert.deepEqual(inside(), [true, true, false, false, false]);
  all[1].pass.succeeded(WELL);
  await settled();
  assert.deepEqual(inside(), [true, true, true, false, false]);
  all[0].pass.succeeded(WELL);
  all[2].pass.succeeded(WELL);
  await settled();
  assert.deepEqual(inside(), [true, true, true, true, true]);
  await clock.pass(1_000);
  assertNothingLeft(clock, ...all);
});

test('who comes when a place is free does not overtake who has waited for it', async () => {
  const { line } = lineOf(1);
  const first = withChunk(line);
  const second = withChunk(line);
  await settled();
  first.pass.leave();
  const third = withChunk(line);
  await settled();
  assert.ok(second.pass);
  assert.equal(third.pass, null);
});

test('requests without a chunk need no place', async () => {
  const { line } = lineOf(1);
  withChunk(line);
  withChunk(line);
  const look = asking(line);
  await settled();
  assert.ok(look.pass);
  assert.equal(line.status.inFlight, 1);
});

test('a place is given back once, however often it is left', async () => {
  const { line } = lineOf(1);
  const [first, second, third] = [withChunk(line), withChunk(line), withChunk(line)];
  await settled();
  first.pass.failed(busy(), { bytes: MIB });
  first.pass.succeeded(WELL);
  first.pass.leave();
  await settled();
  assert.ok(second.pass);
  assert.equal(third.pass, null);
  assert.equal(line.status.inFlight, 1);
});

test('a wait that is aborted rejects with the reason and leaves nothing behind', async () => {
  const { clock, line } = lineOf(1);
  const first = withChunk(line);
  const waiting = withChunk(line);
  await clock.pass(1_000);
  waiting.abort();
  await settled();
  assert.equal(waiting.error.name, 'AbortError');
  assertNothingLeft(clock, first, waiting);
  first.pass.leave();
  const next = withChunk(line);
  await settled();
  assert.ok(next.pass, 'the place is not lost');
});

test('one that is aborted before it comes is not let in', async () => {
  const { clock, line } = lineOf();
  const controller = new AbortController();
  controller.abort(new Error('no more'));
  await assert.rejects(line.enter({ signal: controller.signal, chunk: true }), /no more/);
  assert.equal(line.status.inFlight, 0);
  assertNothingLeft(clock, controller);
});

test('one that is aborted in the moment it is let in gets its pass, and the place comes back', async () => {
  const { line } = lineOf(1);
  const [first, second] = [withChunk(line), withChunk(line)];
  await settled();
  first.pass.leave();
  second.abort();
  await settled();
  assert.equal(second.error, null);
  second.pass.leave();
  assert.equal(line.status.inFlight, 0);
});

test('aborting while the circuit is open ends its timer when nobody else waits', async () => {
  const { clock, line } = lineOf();
  await failing(line);
  await clock.pass(300);
  const [one, other] = [asking(line), asking(line)];
  await settled();
  assert.equal(clock.timers, 1);
  one.abort();
  assert.equal(clock.timers, 1);
  other.abort();
  await settled();
  assertNothingLeft(clock, one, other);
});

test('places rest after each chunk when a pause is asked for', async () => {
  const { clock, line } = lineOf(2, { pauseBetweenChunksMs: 500 });
  const all = Array.from({ length: 4 }, () => withChunk(line));
  await settled();
  all[0].pass.succeeded(WELL);
  await clock.pass(200);
  all[1].pass.succeeded(WELL);
  await clock.pass(299);
  assert.equal(all[2].pass, null);
  await clock.pass(1);
  assert.ok(all[2].pass);
  assert.equal(all[3].pass, null);
  await clock.pass(200);
  assert.ok(all[3].pass);
  assert.deepEqual(all[3].waits, [], 'a missing place is not told as a wait');
});

test('an open circuit holds everybody, says why and until when, and lets one through to find out', async () => {
  const { clock, line } = lineOf();
  await failing(line);
  const all = [withChunk(line), asking(line), asking(line)];
  await settled();
  const until = clock.time + 500; // half of the first window
  assert.deepEqual(all[2].waits, [['network', until]]);
  await clock.pass(500);
  assert.deepEqual(all.map(({ pass }) => pass !== null), [true, false, false]);
  assert.deepEqual(all[0].waits, [['network', until], null]);
  assert.deepEqual(all[2].waits, [['network', until], ['network', 0]]);
  assert.equal(line.status.circuit, 'probing');
  all[0].pass.succeeded(WELL);
  await settled();
  assert.deepEqual(all.map(({ pass }) => pass !== null), [true, true, true]);
  assert.deepEqual(all[2].waits.slice(2), [null]);
});

test('a probe that fails keeps the others waiting for longer', async () => {
  const { clock, line } = lineOf();
  await failing(line);
  const all = [asking(line), asking(line)];
  await clock.pass(500);
  all[0].pass.failed(networkProblem());
  assert.deepEqual(all[1].waits.at(-1), ['network', clock.time + 1_000]);
  await clock.pass(1_000);
  assert.ok(all[1].pass);
});

test('a probe that is given up hands its turn to the next', async () => {
  const { clock, line } = lineOf();
  await failing(line);
  const all = [asking(line), asking(line), asking(line)];
  await clock.pass(500);
  all[0].pass.leave();
  await settled();
  assert.deepEqual(all.map(({ pass }) => pass !== null), [true, true, false]);
});

test('a chunk that has no place leaves the probe to who needs none', async () => {
  const { clock, line } = lineOf(1);
  const holding = withChunk(line);
  await failing(line);
  const [chunk, look] = [withChunk(line), asking(line)];
  await clock.pass(500);
  assert.equal(chunk.pass, null);
  assert.ok(look.pass);
  look.pass.succeeded({ bytes: 0, sentMs: 1, answerMs: 1 });
  holding.pass.leave();
  await settled();
  assert.ok(chunk.pass);
});

test('offline, everybody waits, and goes at once when the network is back', async () => {
  const { clock, line } = lineOf();
  clock.network(false);
  const all = [withChunk(line), asking(line)];
  await clock.pass(3_600_000);
  assert.deepEqual(all.map(({ waits }) => waits), [[['offline', 0]], [['offline', 0]]]);
  assert.equal(line.status.online, false);
  clock.network(true);
  await settled();
  assert.ok(all.every(({ pass }) => pass));
  assert.deepEqual(all[0].waits.at(-1), null);
});

test('a network that comes back without a word is found', async () => {
  const { clock, line } = lineOf();
  clock.network(false);
  const waiting = asking(line);
  await clock.pass(60_000);
  clock.isOnline = true;
  await clock.pass(5_000);
  assert.ok(waiting.pass);
});

test('the network coming back ends the wait of a circuit that it has opened, for one', async () => {
  const { clock, line } = lineOf();
  await failing(line);
  clock.network(false);
  const all = [asking(line), asking(line)];
  await settled();
  clock.network(true);
  await settled();
  assert.deepEqual(all.map(({ pass }) => pass !== null), [true, false]);
  assert.equal(line.status.circuit, 'probing');
});

test('a listener that aborts others while it is told of a wait disturbs nobody', async () => {
  const { clock, line } = lineOf();
  await failing(line);
  const last = asking(line);
  await settled();
  const first = asking(line, { onWait: () => last.abort() });
  await settled();
  assert.ok(last.error);
  await clock.pass(500);
  assert.ok(first.pass);
});

test('one that aborts itself when it is told that its wait is over takes no place', async () => {
  const { clock, line } = lineOf(3);
  clock.network(false);
  const controller = new AbortController();
  const onWait = (why) => why ?? controller.abort();
  const entered = line.enter({ chunk: true, signal: controller.signal, onWait });
  const all = [withChunk(line), withChunk(line)];
  clock.network(true);
  await assert.rejects(entered, { name: 'AbortError' });
  assert.ok(all.every(({ pass }) => pass));
  assert.equal(line.status.inFlight, 2);
});

test('a listener that closes the line leaves nothing behind', async () => {
  const { clock, line } = lineOf();
  const inside = withChunk(line);
  await settled();
  clock.network(false);
  const waiting = asking(line);
  inside.pass.leave();
  assert.equal(clock.timers, 1);
  const last = asking(line, { onWait: () => line.close() });
  await settled();
  assert.deepEqual([waiting.error.name, last.error.name], ['AbortError', 'AbortError']);
  assertNothingLeft(clock, inside, waiting, last);
});

test('a listener that throws is refused, and the others go on', async () => {
  const { clock, line } = lineOf();
  await failing(line);
  const onWait = () => {
    throw new Error('my own mistake');
  };
  await assert.rejects(line.enter({ onWait }), /my own mistake/);
  const next = asking(line);
  await clock.pass(500);
  assert.ok(next.pass);
});

test('a clock that is set back makes no wait longer', async () => {
  const { clock, line } = lineOf();
  await failing(line);
  const all = [asking(line), asking(line)];
  await settled();
  clock.skewMs = -3_600_000;
  all[0].abort();
  await clock.pass(500);
  assert.ok(all[1].pass);
});

test('load halves the chunks at once, and a lost chunk the length of the next', async () => {
  const chunkBytes = { min: MIB, max: 4 * MIB, start: 4 * MIB };
  const { line } = lineOf(2, { parallel: { min: 1, max: 6, start: 4 }, chunkBytes });
  for (let nth = 0; nth < 2; nth++) {
    const chunk = withChunk(line);
    await settled();
    chunk.pass.succeeded(WELL);
  }
  assert.equal(line.status.limit, 4);
  const bytes = line.nextChunkBytes();
  const second = withChunk(line);
  await settled();
  second.pass.failed(busy(), { bytes });
  assert.equal(line.status.limit, 2);
  assert.equal(line.nextChunkBytes(), bytes);
  const third = withChunk(line);
  await settled();
  third.pass.failed(networkProblem(), { bytes });
  assert.equal(line.status.limit, 1);
  assert.equal(line.nextChunkBytes(), bytes / 2);
});

test('nothing is learnt of chunks from requests without one, nor from those that are left', async () => {
  const { line } = lineOf(2, { parallel: { min: 1, max: 6, start: 4 } });
  const before = line.status;
  const [look, other, left] = [asking(line), asking(line), withChunk(line)];
  await settled();
  look.pass.succeeded();
  other.pass.failed(networkProblem());
  left.pass.leave();
  assert.deepEqual(line.status, before);
});

test('changes are told: grave ones at once, figures four times a second at most', async () => {
  const { clock, line } = lineOf(6);
  await clock.pass(1_000);
  const told = [];
  line.addEventListener('change', () => told.push([clock.time, line.status.circuit, line.status.inFlight]));
  const start = clock.time;
  for (let nth = 0; nth < 5; nth++) {
    withChunk(line);
    await clock.pass(10);
  }
  await clock.pass(1_000);
  assert.deepEqual(told, [[start, 'closed', 1], [start + 250, 'closed', 5]]);
  await failing(line);
  assert.deepEqual(told.slice(2), [[clock.time, 'open', 5]]);
});

test('closing refuses those who wait and lets go of everything; late passes do no harm', async () => {
  const { clock, line } = lineOf(1, { pauseBetweenChunksMs: 500 });
  const [inside, waiting] = [withChunk(line), withChunk(line)];
  await failing(line);
  const held = asking(line);
  await settled();
  line.close();
  await settled();
  assert.deepEqual([waiting.error.name, held.error.name], ['AbortError', 'AbortError']);
  inside.pass.succeeded(WELL);
  line.close();
  await assert.rejects(line.enter({}), { name: 'AbortError' });
  assert.equal(clock.listeners, 0);
  assertNothingLeft(clock, inside, waiting, held);
});

test('places are conserved through any order of coming, going, failing and giving up', async () => {
  const { clock, line } = lineOf(3, { pauseBetweenChunksMs: 20, parallel: { min: 1, max: 6, start: 3 } });
  const all = [];
  let seed = 7;
  const random = (below) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  for (let step = 0; step < 3_000; step++) {
    const inside = all.filter(({ pass, over }) => pass && !over);
    const chunks = inside.filter(({ chunk }) => chunk);
    assert.equal(line.status.inFlight, chunks.length);
    const one = inside[random(inside.length || 1)];
    const what = random(9);
    if (what < 3) {
      const chunk = random(4) > 0;
      all.push(Object.assign(asking(line, { chunk }), { chunk }));
    } else if (what === 3) all[random(all.length || 1)]?.abort();
    else if (one && what === 4) one.pass.failed(random(2) ? networkProblem() : busy(), { bytes: MIB });
    else if (one && what < 8) one.pass.succeeded(WELL);
    if (one && what > 3 && what < 8) one.over = true;
    await clock.pass(random(50));
  }
  for (const one of all) {
    one.abort();
    one.pass?.leave();
  }
  await clock.pass(60_000);
  assert.equal(line.status.inFlight, 0);
  assertNothingLeft(clock, ...all);
});
