/** More than that at once is rather a mistake than a wish, and would take long to list. */
export const MOST_FILES = 10_000;
const DEEPEST = 32;

/** Whether a drag or a paste carries files. */
export const hasFiles = (transfer) => transfer?.types.includes('Files') ?? false;

/**
 * The files of a drop or a paste, with all files of its folders.
 *
 * To be called while the event is handled: afterwards the browser takes the transfer's items away.
 *
 * @returns {Promise<{files: {file: File, handle: ?FileSystemFileHandle, path: ?string}[], notices: string[]}>}
 *   `path` is null for what was not in a folder; `notices` are sentences about what was left out
 */
export function foundIn(transfer) {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const roots = items.map((item) => {
    const file = item.getAsFile();
    const entry = item.webkitGetAsEntry?.() ?? null;
    // Handles let an upload go on after a reload; they are not there on plain-HTTP pages and in every browser.
    const handle = item.getAsFileSystemHandle?.().catch(() => null) ?? null;
    return { file, entry, handle };
  });
  return gather(roots);
}

async function gather(roots) {
  const search = { files: [], notices: [], unread: 0, tooMany: false, emptyFolders: [] };
  for (const { file, entry, handle } of roots) {
    const before = search.files.length;
    const known = await handle;
    if (known?.kind === 'directory') await walkHandle(search, known, known.name, 1);
    else if (entry?.isDirectory) await walkEntry(search, entry, entry.name, 1);
    else if (file) search.files.push({ file, handle: known, path: null });
    const folder = known?.kind === 'directory' ? known : entry?.isDirectory ? entry : null;
    if (folder && search.files.length === before && search.unread === 0) search.emptyFolders.push(folder.name);
  }
  return { files: search.files, notices: noticesOf(search) };
}

function noticesOf({ unread, tooMany, emptyFolders }) {
  const notices = emptyFolders.map((name) => `There is no file in the folder “\u2068${name}\u2069”.`);
  if (tooMany) notices.push(tooManyText());
  if (unread > 0) {
    notices.push(`${unread === 1 ? 'A file or folder' : `${unread} files or folders`} could not be read and ` +
      `${unread === 1 ? 'was' : 'were'} left out.`);
  }
  return notices;
}

/** What to say when a choice has more files than are taken. */
export function tooManyText() {
  return `Only the first ${MOST_FILES.toLocaleString('en')} files were taken. Add the others when these are finished.`;
}

function full(search) {
  if (search.files.length >= MOST_FILES) search.tooMany = true;
  return search.tooMany;
}

async function walkHandle(search, folder, path, depth) {
  try {
    for await (const child of folder.values()) {
      if (full(search)) return;
      const inner = `${path}/${child.name}`;
      if (child.kind === 'file') await take(search, inner, child, () => child.getFile());
      else if (depth < DEEPEST) await walkHandle(search, child, inner, depth + 1);
      else search.unread++;
    }
  } catch {
    search.unread++;
  }
}

async function walkEntry(search, folder, path, depth) {
  const reader = folder.createReader();
  try {
    // It hands out a hundred at a time, and none at the end.
    for (let some = await batch(reader); some.length > 0; some = await batch(reader)) {
      for (const child of some) {
        if (full(search)) return;
        const inner = `${path}/${child.name}`;
        if (child.isFile) await take(search, inner, null, () => new Promise((done, fail) => child.file(done, fail)));
        else if (depth < DEEPEST) await walkEntry(search, child, inner, depth + 1);
        else search.unread++;
      }
    }
  } catch {
    search.unread++;
  }
}

const batch = (reader) => new Promise((done, fail) => reader.readEntries(done, fail));

async function take(search, path, handle, open) {
  try {
    search.files.push({ file: await open(), handle, path });
  } catch {
    search.unread++;
  }
}
