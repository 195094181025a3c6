import { bytesText, counted, isolated, CHOOSE_AGAIN, toggleText } from './upload-words.js';
import { totalsOf } from './upload-totals.js';

/** From this much on, throwing away what the server has is asked about first. */
const DEAR_BYTES = 1024 ** 3;

/** What the buttons do, of one row and of all. Belongs to the page. */
export class Deeds {
  #client;
  #page;

  /** @param page `choose(upload)` asks for files, `question` asks, `say(text)` speaks */
  constructor(client, page) {
    this.#client = client;
    this.#page = page;
  }

  toggle(upload) {
    if (toggleText(upload) === CHOOSE_AGAIN) this.#page.choose(upload);
    else if (['paused', 'needs-file'].includes(upload.state)) upload.resume().catch(() => {});
    else if (['failed', 'cancelled'].includes(upload.state)) upload.retry();
    else upload.pause();
  }

  async cancel(upload) {
    const sure = upload.receivedBytes < DEAR_BYTES || (await this.#page.question.ask({
      title: 'Cancel this upload?',
      text: `The ${bytesText(upload.receivedBytes)} of “${isolated(upload.name)}” that have arrived are deleted.`,
      yes: 'Cancel the upload',
      no: 'Keep it',
    }));
    // Nobody is told of its failure here: the row shows it.
    if (sure) upload.cancel().catch(() => {});
  }

  async cancelAll() {
    const { toCancel } = totalsOf(this.#client.uploads);
    const arrived = this.#client.uploads
      .filter(({ state }) => !['completed', 'cancelled', 'finishing', 'publishing'].includes(state))
      .reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
    const sure = await this.#page.question.ask({
      title: `Cancel ${counted(toCancel, 'upload')}?`,
      text: arrived > 0
        ? `The ${bytesText(arrived)} of them that have arrived are deleted. Finished files stay.`
        : 'Nothing of them has arrived yet. Finished files stay.',
      yes: `Cancel ${counted(toCancel, 'upload')}`,
      no: 'Keep them',
    });
    if (sure) this.#client.cancelAll().catch(() => {});
  }

  /** Copies the checksum; where the page may not, selects it for the reader to copy. */
  async copy(upload, element) {
    try {
      await navigator.clipboard.writeText(upload.crc32c);
      this.#page.say('Checksum copied.');
      return true;
    } catch {
      getSelection().selectAllChildren(element);
      this.#page.say('Checksum selected: copy it now.');
      return false;
    }
  }
}
