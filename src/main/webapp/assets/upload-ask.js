/** Asks before something that cannot be taken back. Belongs to the page. */
export class Question {
  #dialog;
  #part;

  constructor(dialog) {
    this.#dialog = dialog;
    this.#part = (name) => dialog.querySelector(`.ask-${name}`);
  }

  /**
   * Resolves when the dialog is closed, whichever way; the focus is then where it was before.
   *
   * @returns {Promise<boolean>} whether the answer was yes
   */
  ask({ title, text, yes, no }) {
    this.#part('title').textContent = title;
    this.#part('text').textContent = text;
    this.#part('yes').textContent = yes;
    this.#part('no').textContent = no;
    this.#dialog.returnValue = 'no';
    this.#dialog.showModal();
    return new Promise((resolve) => {
      this.#dialog.addEventListener('close', () => resolve(this.#dialog.returnValue === 'yes'), { once: true });
    });
  }
}
