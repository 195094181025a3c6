import assert from 'node:assert/strict';
import test from 'node:test';
import { alone, taken } from '../../main/webapp/assets/client/tabs.js';

/** The locks of a browser, as far as alone() uses them. */
class Locks {
  held = new Map(); // name → those who wait
  refusal = null;

  async query() {
    if (this.refusal) throw this.refusal;
    return { held: [...this.held.keys()].map((name) => ({ name })), pending: [] };
  }

  async request(name, { ifAvailable = false, signal }, callback) {
    await null;
    if (this.refusal) throw this.refusal;
    if (this.held.has(name)) {
      if (ifAvailable) return callback(null);
      await new Promise((resolve, reject) => {
        this.held.get(name).push(resolve);
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    }
    const waiting = this.held.get(name) ?? [];
    this.held.set(name, waiting);
    try {
      return await callback({ name });
    } finally {
      if (waiting.length > 0) waiting.shift()();
      else this.held.delete(name);
    }
  }
}

const turns = async () => {
  for (let i = 0; i < 20; i++) await null;
};

/** Work that ends when the test says so. */
function work() {
  const underWay = { begun: false };
  underWay.run = () => {
    underWay.begun = true;
    return new Promise((resolve, reject) => Object.assign(underWay, { resolve, reject }));
  };
  return underWay;
}

test('what nobody has is begun without waiting, and its result given', async () => {
  let waits = 0;
  const result = await alone('a', undefined, async () => 7, { locks: new Locks(), onWait: () => waits++ });
  assert.equal(result, 7);
  assert.equal(waits, 0);
});

test('a second waits for the first, and is told once', async () => {
  const locks = new Locks();
  const [first, second] = [work(), work()];
  let waits = 0;
  const one = alone('a', undefined, first.run, { locks });
  await turns();
  const two = alone('a', undefined, second.run, { locks, onWait: () => waits++ });
  await turns();
  assert.deepEqual([first.begun, second.begun, waits], [true, false, 1]);
  first.resolve(1);
  assert.equal(await one, 1);
  await turns();
  assert.ok(second.begun);
  second.resolve(2);
  assert.equal(await two, 2);
  assert.equal(locks.held.size, 0);
});

test('different names do not wait for each other', async () => {
  const locks = new Locks();
  alone('a', undefined, work().run, { locks });
  assert.equal(await alone('b', undefined, async () => 7, { locks }), 7);
});

test('a failure of the work is passed on, and lets go', async () => {
  const locks = new Locks();
  const failing = async () => {
    throw new DOMException('of the work', 'SecurityError');
  };
  await assert.rejects(alone('a', undefined, failing, { locks }), /of the work/);
  assert.equal(locks.held.size, 0);
});

test('one who is aborted while waiting leaves with the reason, and never begins', async () => {
  const locks = new Locks();
  const second = work();
  const run = new AbortController();
  alone('a', undefined, work().run, { locks });
  await turns();
  const waiting = alone('a', run.signal, second.run, { locks });
  await turns();
  run.abort(new Error('paused'));
  await assert.rejects(waiting, /paused/);
  assert.equal(second.begun, false);
});

test('one who is aborted before does not even ask', async () => {
  const run = AbortSignal.abort(new Error('paused'));
  await assert.rejects(alone('a', run, work().run, { locks: null }), /paused/);
});

test('without locks the work is done at once', async () => {
  assert.equal(await alone('a', undefined, async () => 7, { locks: null }), 7);
});

test('where a frame may not use locks the work is done at once', async () => {
  const locks = new Locks();
  locks.refusal = new DOMException('not here', 'SecurityError');
  assert.equal(await alone('a', undefined, async () => 7, { locks }), 7);
});

test('it is told what is worked on, of the client\'s own', async () => {
  const locks = new Locks();
  alone('a', undefined, work().run, { locks });
  locks.held.set('of somebody else', []);
  await turns();
  assert.deepEqual([...(await taken(locks))], ['a']);
});

test('where nobody tells, nothing is taken', async () => {
  const locks = new Locks();
  locks.refusal = new DOMException('not here', 'SecurityError');
  assert.equal((await taken(locks)).size, 0);
  assert.equal((await taken(null)).size, 0);
});
