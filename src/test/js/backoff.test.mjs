import assert from 'node:assert/strict';
import test from 'node:test';
import { backOffMs, backOffWindowMs } from '../../main/webapp/assets/client/backoff.js';

test('the back-off is spread from nothing to its whole window', () => {
  assert.equal(backOffMs(3, null, () => 0), 0);
  assert.equal(backOffMs(3, null, () => 1), 4_000);
  assert.equal(backOffMs(50, null, () => 1), 30_000);
});

test('the wait the server asks for is never shortened', () => {
  assert.equal(backOffMs(1, 5_000, () => 0), 5_000);
  assert.equal(backOffMs(9, 5_000, () => 1), 6_000);
});

test('a server that asks for no wait is left alone for a moment all the same', () => {
  assert.equal(backOffMs(4, 0, () => 0.5), 500);
});

test('windows double from one second to thirty, however many there were', () => {
  const windows = [1, 2, 3, 4, 5, 6, 7, 5_000].map(backOffWindowMs);
  assert.deepEqual(windows, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});
