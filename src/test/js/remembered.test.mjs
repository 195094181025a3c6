import assert from 'node:assert/strict';
import test from 'node:test';
import { Remembered, keyOf } from '../../main/webapp/assets/client/remembered.js';

const DAY = 24 * 3600 * 1000;
const never = () => new Promise(() => {});
const soon = (work) => setImmediate(work);

/** Databases of a browser, as far as Remembered uses them; `refuse` decides what cannot be stored. */
class Databases {
  records = new Map();
  refuse = () => null; // record → an error when it cannot be stored
  connections = [];
  stuck = false;
  openings = [];
  answer = 'success';

  open(name, version) {
    const request = { name, version, result: this.#connection(), error: new DOMException('no', 'InvalidStateError') };
    this.openings.push(request);
    soon(() => {
      if (this.answer === 'success') request.onupgradeneeded?.();
      request[`on${this.answer}`]?.();
    });
    return request;
  }

  #connection() {
    const connection = {
      closed: false,
      close: () => (connection.closed = true),
      createObjectStore: () => {},
      transaction: () => {
        if (connection.closed) throw new DOMException('closing', 'InvalidStateError');
        return this.#transaction();
      },
    };
    this.connections.push(connection);
    return connection;
  }

  #transaction() {
    const transaction = { aborted: false, error: null };
    const end = (error) => {
      transaction.error = error;
      if (this.stuck) return;
      soon(() => (error ? transaction.onabort() : transaction.oncomplete()));
    };
    const does = (work) => (...args) => {
      const request = { result: undefined };
      const error = work(request, ...args);
      end(error ?? null);
      return request;
    };
    transaction.abort = () => (transaction.aborted = true);
    transaction.objectStore = () => ({
      get: does((request, key) => void (request.result = this.records.get(key))),
      getAll: does((request) => void (request.result = [...this.records.values()])),
      delete: does((_, key) => void this.records.delete(key)),
      put: does((_, record) => {
        const copy = structuredClone(record);
        const error = this.refuse(record);
        if (!error) this.records.set(record.key, copy);
        return error;
      }),
    });
    return transaction;
  }
}

const open = (databases, options = {}) =>
  Remembered.open({ indexedDB: databases, now: () => 100 * DAY, wait: never, ...options });

function record(key, changes = {}) {
  const times = { createdAt: 99 * DAY, touchedAt: 99 * DAY };
  return { key, endpoint: 'https://a.example/up', name: key, size: 1, ...times, handle: null, ...changes };
}

test('the same file on its way to the same server has the same key, any other another', () => {
  const file = { endpoint: 'https://a.example', path: 'a/b.txt', size: 5, lastModified: 7 };
  assert.equal(keyOf({ ...file }), keyOf(file));
  for (const other of [{ endpoint: 'https://b.example' }, { path: 'a/c.txt' }, { size: 6 }, { lastModified: 8 }]) {
    assert.notEqual(keyOf({ ...file, ...other }), keyOf(file));
  }
});

test('what is put comes back, in this page and in the next', async () => {
  const databases = new Databases();
  const remembered = await open(databases);
  assert.ok(remembered.durable);
  assert.equal(await remembered.put(record('a', { id: '17' })), true);
  assert.equal((await remembered.get('a')).id, '17');
  remembered.close();
  assert.equal((await (await open(databases)).get('a')).id, '17');
});

test('what is deleted is gone', async () => {
  const remembered = await open(new Databases());
  await remembered.put(record('a'));
  await remembered.delete('a');
  assert.equal(await remembered.get('a'), null);
});

test('all of one server come, the oldest first', async () => {
  const remembered = await open(new Databases());
  await remembered.put(record('b', { createdAt: 2 }));
  await remembered.put(record('a', { createdAt: 1 }));
  await remembered.put(record('c', { endpoint: 'https://b.example' }));
  assert.deepEqual((await remembered.all('https://a.example/up')).map(({ key }) => key), ['a', 'b']);
});

test('what is too old is forgotten, of whatever server', async () => {
  const databases = new Databases();
  const remembered = await open(databases, { maxAgeMs: 30 * DAY });
  await remembered.put(record('old', { touchedAt: 69 * DAY }));
  await remembered.put(record('older', { touchedAt: 1, endpoint: 'https://b.example' }));
  await remembered.put(record('young', { touchedAt: 70 * DAY, createdAt: 1 }));
  assert.equal(await remembered.get('old'), null);
  assert.deepEqual((await remembered.all('https://a.example/up')).map(({ key }) => key), ['young']);
  assert.deepEqual([...databases.records.keys()], ['young']);
});

test('without a database it is remembered as long as the page lives', async () => {
  const remembered = await open(null);
  assert.equal(remembered.durable, false);
  assert.equal(await remembered.put(record('a')), false);
  assert.equal((await remembered.get('a')).key, 'a');
  assert.equal((await remembered.all('https://a.example/up')).length, 1);
  await remembered.delete('a');
  assert.equal(await remembered.get('a'), null);
});

test('a database that may not be opened is done without', async () => {
  const refusing = {
    open: () => {
      throw new DOMException('no', 'SecurityError');
    },
  };
  assert.equal((await open(refusing)).durable, false);
});

test('a database of a newer version is done without', async () => {
  const databases = new Databases();
  databases.answer = 'error';
  assert.equal((await open(databases)).durable, false);
});

test('a database that another tab blocks is done without, and closed when it comes after all', async () => {
  const databases = new Databases();
  databases.answer = 'blocked';
  assert.equal((await open(databases)).durable, false);
  databases.openings[0].onsuccess();
  assert.ok(databases.connections[0].closed);
});

test('a database that does not answer is done without', async () => {
  const databases = new Databases();
  databases.answer = 'nothing';
  assert.equal((await open(databases, { wait: async () => {} })).durable, false);
});

test('a full disk does not fail the upload: it is remembered as long as the page lives', async () => {
  const databases = new Databases();
  const remembered = await open(databases);
  databases.refuse = () => new DOMException('full', 'QuotaExceededError');
  assert.equal(await remembered.put(record('a', { id: '17' })), false);
  assert.equal((await remembered.get('a')).id, '17');
  databases.refuse = () => null;
  assert.equal(await remembered.put(record('a', { id: '18' })), true);
  assert.equal((await remembered.get('a')).id, '18');
});

test('a handle that cannot be stored is left out', async () => {
  const remembered = await open(new Databases());
  assert.equal(await remembered.put(record('a', { handle: { getFile: () => {} } })), true);
  assert.equal((await remembered.get('a')).handle, null);
  await remembered.put(record('b', { handle: { kind: 'file' } }));
  assert.equal((await remembered.get('b')).handle.kind, 'file');
});

test('what cannot be stored at all is remembered as long as the page lives', async () => {
  const remembered = await open(new Databases());
  assert.equal(await remembered.put(record('a', { metadata: { not: () => {} } })), false);
  assert.equal((await remembered.get('a')).key, 'a');
});

test('what is deleted right after it was put stays deleted, also when it could not be stored', async () => {
  const databases = new Databases();
  const remembered = await open(databases);
  databases.refuse = () => new DOMException('full', 'QuotaExceededError');
  const putting = remembered.put(record('a'));
  await remembered.delete('a');
  await putting;
  assert.equal(await remembered.get('a'), null);
});

test('a store that is stuck is waited for a while, and then done without', async () => {
  const databases = new Databases();
  let wait = never;
  const remembered = await open(databases, { wait: () => wait() });
  databases.stuck = true;
  wait = async () => {};
  assert.equal(await remembered.put(record('a')), false);
  assert.equal((await remembered.get('a')).key, 'a');
});

test('a page with a newer version of the client is let through', async () => {
  const databases = new Databases();
  const remembered = await open(databases);
  databases.connections[0].onversionchange();
  assert.ok(databases.connections[0].closed);
  assert.equal(remembered.durable, false);
  assert.equal(await remembered.put(record('a')), false);
});

test('when the person clears what sites store, it goes on without', async () => {
  const databases = new Databases();
  const remembered = await open(databases);
  databases.connections[0].onclose();
  assert.equal(await remembered.put(record('a')), false);
  assert.equal((await remembered.get('a')).key, 'a');
});
