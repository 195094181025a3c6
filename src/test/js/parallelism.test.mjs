import assert from 'node:assert/strict';
import test from 'node:test';
import { AdaptiveLimit } from '../../main/webapp/assets/client/parallelism.js';

const MIB = 1024 * 1024;

/** A round: as many at once as may be; all are answered after what `answerMs` gives for so many. */
function round(limit, { answerMs = () => 50, now = 0, bytes = MIB, atOnce = limit.limit } = {}) {
  const numbers = Array.from({ length: atOnce }, (_, nth) => limit.sent(nth + 1));
  for (const number of numbers) limit.succeeded(number, { bytes, answerMs: answerMs(atOnce) }, now);
}

function rounds(count, limit, how) {
  return Array.from({ length: count }, () => {
    round(limit, how);
    return limit.limit;
  });
}

/** A limit that knows how long answers take, and stands at its start. */
function started(bounds = { start: 6 }, how = {}) {
  const limit = new AdaptiveLimit(bounds);
  rounds(2, limit, how);
  return limit;
}

test('chunks go alone while they grow, then as many at once as the start says', () => {
  const limit = new AdaptiveLimit({ start: 3 });
  const limits = [1, 2, 4, 8, 8].map((mib) => rounds(1, limit, { bytes: mib * MIB })[0]);
  assert.deepEqual(limits, [1, 1, 1, 1, 3]);
});

test('a window of successes at a time, it climbs to the maximum and not beyond', () => {
  assert.deepEqual(rounds(5, started({ start: 3 })), [4, 5, 6, 6, 6]);
});

test('it does not climb while fewer are sent than may be', () => {
  const limit = started({ start: 3 });
  rounds(20, limit, { atOnce: 2 });
  assert.equal(limit.limit, 3);
});

test('a refusal halves it, rounded up, and never below the minimum', () => {
  const limit = started({ min: 2, start: 6 });
  const limits = Array.from({ length: 4 }, () => {
    limit.failed(limit.sent(1));
    return limit.limit;
  });
  assert.deepEqual(limits, [3, 2, 2, 2]);
});

test('refusals of requests that were sent together halve it once', () => {
  const limit = started();
  const numbers = Array.from({ length: 6 }, (_, nth) => limit.sent(nth + 1));
  for (const number of numbers) limit.failed(number);
  assert.equal(limit.limit, 3);
});

test('a refusal of a request that was sent before the limit grew counts', () => {
  const limit = started({ start: 3 });
  const early = limit.sent(3);
  round(limit);
  assert.equal(limit.limit, 4);
  limit.failed(early);
  assert.equal(limit.limit, 2);
});

test('answers to requests from before a change do not count for the new limit', () => {
  const limit = started({ start: 6 });
  const early = Array.from({ length: 6 }, (_, nth) => limit.sent(nth + 1));
  limit.failed(early.pop());
  const later = [1, 2, 3].map((inFlight) => limit.sent(inFlight));
  for (const number of early) limit.succeeded(number, { bytes: MIB, answerMs: 50 }, 0);
  assert.equal(limit.limit, 3);
  for (const number of later) limit.succeeded(number, { bytes: MIB, answerMs: 50 }, 0);
  assert.equal(limit.limit, 4);
});

test('a limit that was too much is tried again rarely, and more rarely each time', () => {
  const limit = started({ start: 3 });
  const pauses = [];
  for (let trial = 0; trial < 6; trial++) {
    limit.failed(limit.sent(3));
    let requests = 0;
    for (; limit.limit < 3; requests += 2) round(limit);
    pauses.push(requests);
  }
  assert.deepEqual(pauses, [24, 48, 96, 192, 192, 192]);
});

test('a limit that holds after all is no longer held to be too much', () => {
  const limit = started({ start: 3 });
  limit.failed(limit.sent(3));
  while (limit.limit < 3) round(limit);
  assert.deepEqual(rounds(3, limit), [4, 5, 6]);
});

test('answers that get slower as more are sent bring it down to where they do not', () => {
  const answerMs = (atOnce) => 400 * atOnce;
  const limit = started({ start: 6 }, { answerMs });
  rounds(30, limit, { answerMs });
  assert.equal(limit.limit, 2);
});

test('answers that are slow by nature do not', () => {
  const limit = started({ start: 3 }, { answerMs: () => 3_000 });
  rounds(10, limit, { answerMs: () => 3_000 });
  assert.equal(limit.limit, 6);
});

test('one late answer among good ones changes nothing', () => {
  const limit = started({ start: 6 });
  const numbers = Array.from({ length: 6 }, (_, nth) => limit.sent(nth + 1));
  numbers.forEach((number, nth) => limit.succeeded(number, { bytes: MIB, answerMs: nth === 3 ? 60_000 : 50 }, 0));
  assert.equal(limit.limit, 6);
});

test('long chunks are not measured by short ones', () => {
  const limit = started({ start: 3 });
  round(limit, { bytes: 1_000, answerMs: () => 2 });
  rounds(6, limit, { bytes: 64 * MIB, answerMs: () => 900 });
  assert.equal(limit.limit, 6);
});

test('a chunk size that is met first under load is measured by what is known of others', () => {
  const limit = started({ start: 6 }, { bytes: MIB, answerMs: () => 400 });
  rounds(4, limit, { bytes: 2 * MIB, answerMs: () => 4_000 });
  assert.ok(limit.limit <= 2, `${limit.limit}`);
});

test('a line that has become slower for good is learnt anew at the minimum, after a minute', () => {
  const limit = started({ start: 6 });
  rounds(10, limit, { answerMs: () => 900, now: 10_000 });
  assert.equal(limit.limit, 1);
  rounds(10, limit, { answerMs: () => 900, now: 50_000 });
  assert.equal(limit.limit, 1);
  rounds(40, limit, { answerMs: () => 900, now: 90_000 });
  assert.equal(limit.limit, 6);
});

test('what is measured above the minimum does not make a queue of its own look natural', () => {
  const answerMs = (atOnce) => 400 * atOnce;
  const limit = started({ start: 3 }, { answerMs });
  for (let minute = 0; minute < 60; minute++) {
    rounds(10, limit, { answerMs, now: minute * 60_000 });
    assert.ok(limit.limit <= 3, `${limit.limit} after ${minute} minutes`);
  }
});

test('bounds that are none are refused by name', () => {
  assert.throws(() => new AdaptiveLimit({ min: 0 }), { name: 'RangeError', message: /parallel\.min/ });
});

test('a maximum below the usual start is kept', () => {
  const limit = started({ max: 2 });
  assert.equal(limit.limit, 2);
});
