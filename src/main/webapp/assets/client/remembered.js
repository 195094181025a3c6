import { sleep, within } from './waits.js';

const DATABASE = 'spillway-client';
const VERSION = 1;
const STORE = 'uploads';
const MAX_AGE_MS = 30 * 24 * 3600 * 1000;
/** A database that takes longer is stuck, and uploads must not wait for it. */
const ANSWER_MS = 10_000;

/** The same file going to the same server has the same key: path, size and time of last change decide. */
export function keyOf({ endpoint, path, size, lastModified }) {
  return JSON.stringify([endpoint, path, size, lastModified]);
}

/**
 * What this browser remembers of unfinished uploads, in IndexedDB. Where there is none (private windows, a full disk,
 * a database of a newer version), it is remembered as long as the page lives: nothing in here ever fails an upload.
 * Belongs to a client, which closes it.
 */
export class Remembered {
  #database = null;
  #page = new Map(); // what could not be stored: key → record
  #edge;

  /** Use open(). */
  constructor(database, edge) {
    this.#database = database;
    this.#edge = edge;
    if (!database) return;
    const letGo = () => this.close();
    database.onversionchange = letGo; // a page with a newer version of the client waits for this one to let go
    database.onclose = letGo; // the person has cleared what sites store
  }

  /**
   * @param {object} [options]
   * @param {IDBFactory} [options.indexedDB]
   * @param {() => number} [options.now] milliseconds since 1970
   * @param {number} [options.maxAgeMs] how long an upload is remembered that nothing has happened to
   * @param {typeof sleep} [options.wait]
   * @returns {Promise<Remembered>} never rejects
   */
  static async open(options = {}) {
    const { indexedDB = ownDatabases(), now = Date.now, maxAgeMs = MAX_AGE_MS, wait = sleep } = options;
    const database = await opened(indexedDB, wait);
    return new Remembered(database, { now, maxAgeMs, wait });
  }

  /** Whether what is put outlives the page. */
  get durable() {
    return this.#database !== null;
  }

  /** The record of a key; null when there is none, or when it is too old. */
  async get(key) {
    const record = this.#page.get(key) ?? (await this.#transact('readonly', (store) => store.get(key))).result;
    return record && this.#fresh(record) ? record : null;
  }

  /** The records of one server, the oldest first. Forgets those that are too old. */
  async all(endpoint) {
    const stored = (await this.#transact('readonly', (store) => store.getAll())).result ?? [];
    const byKey = new Map([...stored, ...this.#page.values()].map((record) => [record.key, record]));
    const records = [...byKey.values()];
    await Promise.all(records.filter((record) => !this.#fresh(record)).map((record) => this.delete(record.key)));
    return records
      .filter((record) => record.endpoint === endpoint && this.#fresh(record))
      .sort((a, b) => a.createdAt - b.createdAt);
  }

  /**
   * Remembers an upload in place of what was remembered under its key.
   *
   * @returns {Promise<boolean>} whether it will be there after a reload, if need be without its handle
   */
  async put(record) {
    const { done } = await this.#transact('readwrite', (store) => store.put(storable(record)));
    if (done) this.#page.delete(record.key);
    else this.#page.set(record.key, record);
    return done;
  }

  async delete(key) {
    await this.#transact('readwrite', (store) => store.delete(key));
    this.#page.delete(key); // now, because a put before this one may have failed only now
  }

  /** Lets go of the database. What is put afterwards is remembered as long as the page lives. */
  close() {
    this.#database?.close();
    this.#database = null;
  }

  #fresh(record) {
    return record.touchedAt >= this.#edge.now() - this.#edge.maxAgeMs;
  }

  /** Does one thing with the store. Never rejects: `done` says whether it has happened. */
  async #transact(mode, work) {
    let transaction;
    try {
      transaction = this.#database?.transaction(STORE, mode);
      if (!transaction) return { done: false };
      const request = work(transaction.objectStore(STORE));
      await within(completed(transaction), ANSWER_MS, this.#edge.wait);
      return { done: true, result: request.result };
    } catch {
      abort(transaction);
      return { done: false };
    }
  }
}

/** Some browsers know handles of files, and do not store them. */
function storable(record) {
  try {
    return { ...record, handle: structuredClone(record.handle) };
  } catch {
    return { ...record, handle: null };
  }
}

/** Some pages may not even ask whether there are databases. */
function ownDatabases() {
  try {
    return globalThis.indexedDB;
  } catch {
    return undefined;
  }
}

async function opened(indexedDB, wait) {
  let request;
  try {
    request = indexedDB?.open(DATABASE, VERSION);
    return request ? await within(answered(request), ANSWER_MS, wait) : null;
  } catch {
    if (request) request.onsuccess = () => request.result.close(); // it comes too late
    return null;
  }
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    request.onblocked = () => reject(new Error('another tab holds on to an older version'));
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(request.result);
  });
}

function completed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

function abort(transaction) {
  try {
    transaction?.abort();
  } catch {
    // it has ended already
  }
}
