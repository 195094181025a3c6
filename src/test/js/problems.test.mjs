import assert from 'node:assert/strict';
import test from 'node:test';
import { networkProblem, problemOf, retryAfterMs } from '../../main/webapp/assets/client/problems.js';

const answer = (status, body, retryAfter = null) =>
  ({ status, type: body ? 'application/problem+json' : 'text/html', retryAfter, text: body ? JSON.stringify(body) : '<p>' });
const said = (code, more = {}) => ({ title: 'Title', detail: 'Detail.', code, retryable: false, ...more });

test('Retry-After is understood in seconds, as a date, and when absent', () => {
  const now = Date.parse('2026-11-21T08:00:00Z');
  assert.equal(retryAfterMs('7', now), 7_000);
  assert.equal(retryAfterMs(0.5, now), 500);
  assert.equal(retryAfterMs('Sat, 21 Nov 2026 08:00:30 GMT', now), 30_000);
  assert.equal(retryAfterMs('Sat, 21 Nov 2026 07:00:00 GMT', now), 0);
  for (const nothing of [null, undefined, '', 'soon']) assert.equal(retryAfterMs(nothing, now), null);
});

test('the wait of the header counts before the one of the body', () => {
  assert.equal(problemOf(answer(503, said('busy', { retryAfter: 9 }), '2'), 0).retryAfterMs, 2_000);
  assert.equal(problemOf(answer(503, said('busy', { retryAfter: 9 })), 0).retryAfterMs, 9_000);
});

test('an answer without a reason is retried only where somebody gives it in passing', () => {
  const retried = [400, 401, 403, 404, 408, 409, 413, 425, 429, 500, 501, 502, 503, 504]
    .filter((status) => problemOf(answer(status), 0).retryable);
  assert.deepEqual(retried, [408, 425, 429, 500, 502, 503, 504]);
});

test('what the server says of trying again holds, except where asking it where things stand is the cure', () => {
  assert.equal(problemOf(answer(503, said('busy')), 0).retryable, false);
  assert.equal(problemOf(answer(400, said('body-broken', { retryable: true })), 0).retryable, true);
  for (const code of ['upload-incomplete', 'superseded', 'wrong-state']) {
    assert.equal(problemOf(answer(409, said(code)), 0).retryable, true);
  }
  assert.equal(problemOf(answer(409, said('chunk-conflict')), 0).retryable, false);
});

test('only the server itself can say that an upload is gone', () => {
  assert.equal(problemOf(answer(404, said('upload-not-found')), 0).gone, true);
  assert.equal(problemOf(answer(410, said('upload-expired')), 0).gone, true);
  assert.equal(problemOf(answer(404), 0).gone, false);
  assert.equal(networkProblem().gone, false);
});

test('a sign-in that has ended is told as that', () => {
  assert.match(problemOf(answer(401), 0).title, /signed in/);
});
