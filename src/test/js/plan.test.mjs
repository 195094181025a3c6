import assert from 'node:assert/strict';
import test from 'node:test';
import { Plan } from '../../main/webapp/assets/client/plan.js';

test('pieces come in order, each once, none longer than asked for, and none across a gap', () => {
  const plan = new Plan([[5, 25], [40, 43]]);
  assert.equal(plan.left, 23);
  assert.deepEqual(plan.take(10), { from: 5, to: 15 });
  assert.deepEqual(plan.take(100), { from: 15, to: 25 });
  assert.equal(plan.left, 3);
  assert.deepEqual(plan.take(100), { from: 40, to: 43 });
  assert.equal(plan.take(100), null);
  assert.equal(plan.left, 0);
});

test('a file of many terabytes is planned with a few numbers', () => {
  const plan = new Plan([[0, 2 ** 50]]);
  assert.deepEqual(plan.take(2 ** 26), { from: 0, to: 2 ** 26 });
  assert.equal(plan.left, 2 ** 50 - 2 ** 26);
});

test('the ranges that are handed in stay as they are', () => {
  const missing = [[0, 20]];
  new Plan(missing).take(5);
  assert.deepEqual(missing, [[0, 20]]);
});
