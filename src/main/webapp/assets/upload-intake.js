import { counted, isolated } from './upload-words.js';

/**
 * Hands files to the client, one choice after the other, and tells what has become of them. Belongs to the page.
 */
export class Intake {
  #client;
  #tell;
  #last;

  /**
   * @param until a promise: before it is settled nothing is handed over
   * @param tell called with `{ shown, spoken }`: sentences that stay in the page, and those that are
   *   only said
   */
  constructor(client, until, tell) {
    this.#client = client;
    this.#tell = tell;
    this.#last = until.catch(() => {});
  }

  /**
   * Adds files.
   *
   * @param found as of foundIn(), or a promise of it
   * @param wanted the upload whose file was asked for, if it was asked for one
   */
  take(found, wanted = null) {
    const taken = this.#last.then(() => this.#takeNow(found, wanted));
    this.#last = taken.catch(() => {}); // those that come later are taken all the same
    return taken;
  }

  async #takeNow(found, wanted) {
    const { files, notices } = await found;
    const { shown, spoken } = await this.#add(files, wanted);
    this.#tell({ shown: [...notices, ...shown], spoken });
  }

  async #add(files, wanted) {
    const before = new Map(this.#client.uploads.map((upload) => [upload, upload.state]));
    const counts = { fresh: 0, goingOn: 0, refused: 0 };
    const twice = [];
    for (const { file, handle, path } of files) {
      // One that came in a folder may be chosen again by itself: what it was called then is what is remembered.
      const known = path ?? interruptedLike(before, file)?.path;
      const options = { handle: handle ?? null, ...(known ? { path: known } : {}) };
      const upload = await this.#client.add(file, options).catch(() => null);
      if (upload === null) counts.refused++;
      else if (!before.has(upload)) counts.fresh++;
      else if (NEEDY.has(before.get(upload))) {
        counts.goingOn++;
        // One that could not be read is in its place again.
        if (upload.state === 'failed') upload.retry();
      }
      else twice.push(upload.name);
      if (upload !== null && !before.has(upload)) before.set(upload, upload.state);
    }
    const missed = wanted !== null && files.length > 0 && NEEDY.has(wanted.state) ? wanted.name : null;
    return sentences(counts, twice, missed);
  }
}

const NEEDY = new Set(['needs-file', 'failed']);

function interruptedLike(before, file) {
  if (file.webkitRelativePath) return null;
  const like = [...before].filter(
    ([upload, state]) => NEEDY.has(state) && upload.name === file.name && upload.size === file.size,
  );
  return like.length === 1 ? like[0][0] : null;
}

function sentences({ fresh, goingOn, refused }, twice, missed) {
  const shown = [];
  if (missed !== null) {
    shown.push(`That was not “${isolated(missed)}” as it was when it was interrupted, so it still needs its file.`);
  }
  if (goingOn > 0) shown.push(`${counted(goingOn, 'file')} ${goingOn === 1 ? 'goes' : 'go'} on.`);
  if (twice.length === 1) shown.push(`“${isolated(twice[0])}” is in the list already.`);
  if (twice.length > 1) shown.push(`${counted(twice.length, 'file')} are in the list already.`);
  if (refused > 0) shown.push(`${counted(refused, 'file')} could not be added.`);
  // The rows show what is new.
  return { shown, spoken: fresh > 0 ? [`${counted(fresh, 'file')} added.`] : [] };
}
