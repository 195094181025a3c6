import assert from 'node:assert/strict';
import test from 'node:test';
import { CircuitBreaker } from '../../main/webapp/assets/client/circuit.js';
import { UploadProblem, networkProblem } from '../../main/webapp/assets/client/problems.js';

function problem(code, status = 503, more = {}) {
  return new UploadProblem({ title: code, code, status, retryable: true, ...more });
}

function asking(seconds) {
  return problem('busy', 503, { retryAfterMs: seconds * 1_000 });
}

/** A breaker that draws the whole window, opened at time 0 by these problems, or by five times the network. */
function opened(problems = Array.from({ length: 5 }, () => networkProblem())) {
  const circuit = new CircuitBreaker(() => 1);
  for (const each of problems) circuit.failed(circuit.enter(), each, 0);
  return circuit;
}

test('four failures in a row leave it closed, the fifth opens it', () => {
  const circuit = opened(Array.from({ length: 4 }, () => networkProblem()));
  assert.equal(circuit.state, 'closed');
  circuit.failed(circuit.enter(), networkProblem(), 0);
  assert.equal(circuit.state, 'open');
  assert.equal(circuit.retryAt, 1_000);
});

test('a success of anybody starts the row anew', () => {
  const circuit = opened(Array.from({ length: 4 }, () => networkProblem()));
  circuit.succeeded(circuit.enter());
  for (let nth = 0; nth < 4; nth++) circuit.failed(circuit.enter(), networkProblem(), 0);
  assert.equal(circuit.state, 'closed');
});

const COUNTED = [
  networkProblem(), problem('http', 502), problem('internal', 500), problem('catalog-unavailable'),
  problem('storage-unavailable'), problem('memory-critical'), problem('busy'), problem('not-known-yet', 599),
];
for (const each of COUNTED) {
  test(`${each.code} ${each.status} counts as a failure`, () => {
    assert.equal(opened(Array.from({ length: 5 }, () => each)).state, 'open');
  });
}

const NEUTRAL = [
  problem('draining'), problem('too-slow'), problem('disk-full', 507), problem('client-limit', 429),
  problem('superseded', 409), problem('checksum-mismatch', 422), problem('offline', 0), problem('unreadable', 0),
  problem('changed', 0), problem('unexpected', 0), problem('http', 401, { retryable: false }),
];
for (const each of NEUTRAL) {
  test(`${each.code} ${each.status} counts neither as a failure nor as a success`, () => {
    const circuit = opened(Array.from({ length: 4 }, () => networkProblem()));
    for (let nth = 0; nth < 9; nth++) circuit.failed(circuit.enter(), each, 0);
    assert.equal(circuit.state, 'closed');
    circuit.failed(circuit.enter(), networkProblem(), 0);
    assert.equal(circuit.state, 'open');
  });
}

test('a refusal in words shows that the server is there', () => {
  const circuit = opened(Array.from({ length: 4 }, () => networkProblem()));
  circuit.failed(circuit.enter(), problem('upload-not-found', 404), 0);
  circuit.failed(circuit.enter(), networkProblem(), 0);
  assert.equal(circuit.state, 'closed');
});

test('nobody is admitted before the wait is over, and then exactly one', () => {
  const circuit = opened();
  assert.equal(circuit.admits(999), false);
  assert.equal(circuit.admits(1_000), true);
  circuit.enter();
  assert.equal(circuit.state, 'probing');
  assert.equal(circuit.admits(99_999), false);
});

test('a probe that succeeds closes it and resets the back-off', () => {
  const circuit = opened();
  circuit.failed(circuit.enter(), networkProblem(), 1_000);
  circuit.succeeded(circuit.enter());
  assert.equal(circuit.state, 'closed');
  assert.equal(circuit.problem, null);
  for (let nth = 0; nth < 5; nth++) circuit.failed(circuit.enter(), networkProblem(), 10_000);
  assert.equal(circuit.retryAt, 11_000);
});

test('each probe that fails opens it for longer, up to thirty seconds', () => {
  const circuit = opened();
  const waits = [];
  for (let probe = 0, now = 1_000; probe < 7; probe++, now = circuit.retryAt) {
    circuit.failed(circuit.enter(), networkProblem(), now);
    waits.push(circuit.retryAt - now);
  }
  assert.deepEqual(waits, [2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test('a probe without a verdict gives its turn to the next', () => {
  const circuit = opened();
  circuit.left(circuit.enter());
  assert.equal(circuit.admits(1_000), true);
  const probe = circuit.enter();
  assert.equal(circuit.admits(1_000), false);
  circuit.succeeded(probe);
  assert.equal(circuit.state, 'closed');
});

test('somebody else who leaves does not free the turn of the probe', () => {
  const circuit = new CircuitBreaker(() => 1);
  const other = circuit.enter();
  for (let nth = 0; nth < 5; nth++) circuit.failed(circuit.enter(), networkProblem(), 0);
  circuit.enter();
  circuit.left(other);
  assert.equal(circuit.state, 'probing');
});

test('the wait is never shorter than the server asked for in the row, and spread on top', () => {
  const busy = [asking(20), asking(3), asking(3), asking(3), problem('busy')];
  assert.equal(opened(busy).retryAt, 21_000);
});

test('while the server asks for short waits but does not recover, they grow all the same', () => {
  const circuit = opened([asking(2), asking(2), asking(2), asking(2), asking(2)]);
  const waits = [];
  for (let probe = 0, now = circuit.retryAt; probe < 3; probe++, now = circuit.retryAt) {
    circuit.failed(circuit.enter(), asking(2), now);
    waits.push(circuit.retryAt - now);
  }
  assert.deepEqual(waits, [4_000, 6_000, 10_000]);
});

test('nobody is kept away for more than ten minutes', () => {
  assert.equal(opened(Array.from({ length: 5 }, () => asking(86_400))).retryAt, 600_000);
});

test('being online again ends a wait that the network has caused', () => {
  const circuit = opened();
  circuit.online(300);
  assert.equal(circuit.admits(300), true);
  circuit.enter();
  assert.equal(circuit.admits(300), false);
});

test('being online again does not end a wait that the server has caused', () => {
  const circuit = opened(Array.from({ length: 5 }, () => problem('busy')));
  circuit.online(300);
  assert.equal(circuit.admits(300), false);
});

test('an answer to an earlier request closes what the network had opened', () => {
  const circuit = new CircuitBreaker(() => 1);
  const earlier = circuit.enter();
  for (let nth = 0; nth < 5; nth++) circuit.failed(circuit.enter(), networkProblem(), 0);
  circuit.succeeded(earlier);
  assert.equal(circuit.state, 'closed');
});

test('an answer to an earlier request does not close what an overloaded server had opened', () => {
  const circuit = new CircuitBreaker(() => 1);
  const earlier = circuit.enter();
  for (let nth = 0; nth < 5; nth++) circuit.failed(circuit.enter(), problem('busy'), 0);
  circuit.succeeded(earlier);
  assert.equal(circuit.state, 'open');
});

test('requests that have hung since before an opening cannot prolong it, nor open it again', () => {
  const circuit = new CircuitBreaker(() => 1);
  const hung = Array.from({ length: 12 }, () => circuit.enter());
  for (let nth = 0; nth < 5; nth++) circuit.failed(circuit.enter(), networkProblem(), 0);
  for (const ticket of hung.splice(6)) circuit.failed(ticket, networkProblem(), 500);
  assert.equal(circuit.retryAt, 1_000);
  circuit.succeeded(circuit.enter());
  for (const ticket of hung) circuit.failed(ticket, networkProblem(), 90_000);
  assert.equal(circuit.state, 'closed');
});
