import { MOST_FILES, foundIn, hasFiles, tooManyText } from './upload-found.js';

/** The ways in which files come to the page: two buttons, a drop anywhere, a paste. Belongs to the page. */
export class Chooser {
  #find;
  #intake;
  #wanted = null; // the upload whose file is asked for

  constructor(find, intake) {
    this.#find = find;
    this.#intake = intake;
  }

  listen() {
    const find = this.#find;
    find('choose').addEventListener('click', () => this.chooseFiles());
    find('choose-folder').addEventListener('click', () => find('folder').click());
    // Phones have no folders to choose.
    find('choose-folder').hidden = !('webkitdirectory' in find('folder'));
    for (const id of ['files', 'folder']) {
      find(id).addEventListener('change', ({ target }) => {
        this.#take(ofInput([...target.files]));
        target.value = ''; // or choosing the same file again would not be a change
      });
    }
    this.#listenForDrops();
    addEventListener('paste', (event) => {
      if (!hasFiles(event.clipboardData)) return;
      event.preventDefault();
      this.#take(foundIn(event.clipboardData));
    });
  }

  /** Asks the reader for files, or for that of one upload. To be called in a click. */
  async chooseFiles(wanted = null) {
    this.#wanted = wanted;
    if (!globalThis.showOpenFilePicker) return this.#find('files').click();
    try {
      const handles = await showOpenFilePicker({ multiple: true });
      const files = await Promise.all(
        handles.map(async (handle) => ({ file: await handle.getFile(), handle, path: null })),
      );
      this.#take({ files, notices: [] });
    } catch (error) {
      // The reader has closed it; anything else is a browser that has it and does not let us use it.
      if (error.name !== 'AbortError') this.#find('files').click();
    }
  }

  #take(found) {
    this.#intake.take(found, this.#wanted).catch(() => {
      this.#find('notice').hidden = false;
      this.#find('notice').textContent = 'These files could not be read. Try to choose them with the button.';
    });
    this.#wanted = null;
  }

  #listenForDrops() {
    const over = (on) => document.body.classList.toggle('dropping', on);
    // On the whole page: a drop that misses would make the browser leave it.
    addEventListener('dragover', (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      over(true);
    });
    addEventListener('dragleave', (event) => event.relatedTarget === null && over(false));
    addEventListener('drop', (event) => {
      over(false);
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      this.#take(foundIn(event.dataTransfer));
    });
  }
}

function ofInput(files) {
  return {
    files: files.slice(0, MOST_FILES).map((file) => ({ file, handle: null, path: file.webkitRelativePath || null })),
    notices: files.length > MOST_FILES ? [tooManyText()] : [],
  };
}
