import assert from 'node:assert/strict';
import test from 'node:test';
import { startWorker } from '../../main/webapp/assets/client/workers.js';

const OURS = 'https://page.example/assets/client/checksum-worker.js';
const THEIRS = 'https://other.example/assets/client/checksum-worker.js';
const never = () => new Promise(() => {});
const atOnce = async () => {};
const ready = (worker) => worker.onmessage({ data: { ready: true } });

/** What startWorker needs of a page; `then` is what becomes of each worker. */
function page({ then = ready, trustedTypes } = {}) {
  const workers = [];
  const blobs = new Map();
  const Worker = class {
    ended = false;

    constructor(address, options) {
      Object.assign(this, { address, options });
      workers.push(this);
      setImmediate(() => then(this));
    }

    terminate() {
      this.ended = true;
    }
  };
  const addresses = {
    createObjectURL: (blob) => {
      blobs.set('blob:1', blob);
      return 'blob:1';
    },
    revokeObjectURL: (address) => blobs.delete(address),
  };
  return { location: new URL('https://page.example/'), workers, blobs, Worker, URL: addresses, trustedTypes };
}

/** Trusted Types that allow a policy of one name once, as a page's policy does. */
function policies(refused = false) {
  const names = [];
  return {
    names,
    createPolicy: (name, { createScriptURL }) => {
      if (refused || names.includes(name)) throw new TypeError(`the policy ${name} is not allowed`);
      names.push(name);
      return { createScriptURL: (address) => ({ trusted: createScriptURL(address) }) };
    },
  };
}

test('a script of the page\'s own site is started as a module', async () => {
  const here = page();
  assert.equal(await startWorker(OURS, never, here), here.workers[0]);
  assert.equal(here.workers[0].address, OURS);
  assert.equal(here.workers[0].options.type, 'module');
});

test('a script of another site is imported by one of the page\'s own', async () => {
  let source = null;
  const here = page({
    then: async (worker) => {
      source = await here.blobs.get(worker.address).text();
      ready(worker);
    },
  });
  await startWorker(THEIRS, never, here);
  assert.match(source, new RegExp(`^import\\("${THEIRS}"\\)`));
  assert.equal(here.blobs.size, 0);
});

test('where addresses must be trusted, two clients share the one policy that is allowed', async () => {
  const here = page({ trustedTypes: policies() });
  await startWorker(OURS, never, here);
  await startWorker(OURS, never, here);
  assert.deepEqual(here.trustedTypes.names, ['spillway-client']);
  assert.deepEqual(here.workers.map(({ address }) => address.trusted), [OURS, OURS]);
});

test('where the policy is not allowed, the plain address is tried', async () => {
  const here = page({ trustedTypes: policies(true) });
  await startWorker(OURS, never, here);
  assert.equal(here.workers[0].address, OURS);
});

test('a worker whose script fails is ended, and its address let go', async () => {
  const here = page({ then: (worker) => worker.onerror({ message: '' }) });
  await assert.rejects(startWorker(THEIRS, never, here), /did not start/);
  assert.ok(here.workers[0].ended);
  assert.equal(here.blobs.size, 0);
});

test('a script of another site that cannot be imported is told', async () => {
  const here = page({ then: (worker) => worker.onmessage({ data: { failed: 'TypeError: no' } }) });
  await assert.rejects(startWorker(THEIRS, never, here), /TypeError: no/);
  assert.ok(here.workers[0].ended);
});

test('a worker that does not say that it is ready is ended', async () => {
  const here = page({ then: () => {} });
  await assert.rejects(startWorker(OURS, atOnce, here), /nothing for/);
  assert.ok(here.workers[0].ended);
});

test('a page that forbids workers refuses, and lets go of the address', async () => {
  const here = page();
  here.Worker = class {
    constructor() {
      throw new DOMException('forbidden', 'SecurityError');
    }
  };
  await assert.rejects(startWorker(THEIRS, never, here), { name: 'SecurityError' });
  assert.equal(here.blobs.size, 0);
});
