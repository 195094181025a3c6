import { within } from './waits.js';

/** A script of a few kilobytes that takes longer than this will not come. */
const START_MS = 15_000;

/** A page may make a policy of one name only once, however many clients it has. */
const POLICIES = new WeakMap();

/**
 * Starts a module worker that says `{ ready: true }` when it is there. A script of another site has to be imported by
 * a script of the page's own, because browsers start no others; its policy must allow `worker-src blob:` for it.
 *
 * @param {string} url absolute address of its script
 * @param {(ms: number, signal: AbortSignal) => Promise<void>} wait
 * @param {typeof globalThis} [page]
 * @returns {Promise<Worker>} whoever called ends it. Rejects when the page's policy forbids it, or the script does not
 *   come
 */
export async function startWorker(url, wait, page = globalThis) {
  const ours = new URL(url).origin === page.location.origin;
  const address = ours ? url : page.URL.createObjectURL(importing(url));
  let worker = null;
  try {
    worker = new page.Worker(trusted(address, page.trustedTypes), { type: 'module', name: 'spillway-client' });
    await within(readiness(worker), START_MS, wait);
    return worker;
  } catch (error) {
    worker?.terminate();
    throw error;
  } finally {
    if (!ours) page.URL.revokeObjectURL(address);
  }
}

/** A script that imports another: dynamically, because then the page's script-src decides, which names the site. */
function importing(url) {
  const source = `import(${JSON.stringify(url)}).catch((error) => postMessage({ failed: String(error) }));`;
  return new Blob([source], { type: 'text/javascript' });
}

function readiness(worker) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.ready ? resolve() : reject(new Error(data.failed)));
    worker.onerror = (event) => {
      event.preventDefault?.();
      reject(new Error(event.message || 'the script did not start'));
    };
  });
}

/** The address as the page's policy of Trusted Types wants it. Nobody else can reach ours to have others blessed. */
function trusted(address, trustedTypes) {
  if (!trustedTypes) return address;
  if (!POLICIES.has(trustedTypes)) POLICIES.set(trustedTypes, policyOf(trustedTypes));
  return POLICIES.get(trustedTypes)?.createScriptURL(address) ?? address;
}

function policyOf(trustedTypes) {
  try {
    return trustedTypes.createPolicy('spillway-client', { createScriptURL: (address) => address });
  } catch {
    return null; // the page does not allow it; the plain address may do, or else the worker is refused
  }
}
