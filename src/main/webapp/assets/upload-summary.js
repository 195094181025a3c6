import { attentionText, headline, titleText, totalLeftText, totalsOf } from './upload-totals.js';
import { bytesOfText, bytesText, numberText, percentText } from './upload-words.js';

/** The pictures of the window, by level. */
const PICTURES = new Map(['idle', 'info', 'ok', 'warning', 'critical'].map(
  (level) => [level, new URL(`./status-${level}.svg`, import.meta.url).href],
));
/** Each button of the page and the figure that says whether there is something to do for it. */
const DEEDS = {
  'pause-all': 'toPause', 'resume-all': 'toResume', 'choose-again': 'toChoose', 'retry-all': 'toRetry',
  'cancel-all': 'toCancel', clear: 'over', attention: 'attention',
};
const GROUPS = { all: 'files', going: 'going', attention: 'attention', over: 'over' };

/** What holds for all files: the sentence, the figures, the buttons, the title of the window. Belongs to the page. */
export class Summary {
  #find;
  #still;
  #shown = new Map();
  #buttons;

  /** @param find the page's element of an id */
  constructor(find, still) {
    this.#find = find;
    this.#still = still;
    // They are needed most when the server cannot be reached: then the browser has them.
    for (const picture of PICTURES.values()) new Image().src = picture;
    this.#buttons = new Map(Object.entries(DEEDS).map(([id, figure]) => [find(id), figure]));
  }

  /** Shows the figures as they are now, and gives them back. */
  show(uploads, online, filter) {
    const totals = totalsOf(uploads);
    const { level, icon, text } = headline(totals, online);
    const shape = [text, filter, attentionText(totals.attention), ...this.#deeds(totals), totals.files > 0].join('|');
    // Only what may change heights has to keep rows in their place.
    if (shape === this.#shown.get('shape')) this.#showFigures(totals);
    else {
      this.#shown.set('shape', shape);
      this.#still.change([], () => {
        this.#showSentence(totals, { level, icon, text });
        this.#showButtons(totals, filter);
        this.#showFigures(totals);
      });
    }
    return totals;
  }

  #deeds(totals) {
    return [...this.#buttons.values()].map((figure) => totals[figure] > 0);
  }

  #showSentence(totals, { level, icon, text }) {
    this.#find('totals').dataset.level = level;
    this.#write('headline-icon', icon);
    this.#write('headline-text', text);
    this.#write('attention', attentionText(totals.attention));
    document.body.classList.toggle('has-files', totals.files > 0);
    for (const id of ['totals', 'files-section']) this.#find(id).hidden = totals.files === 0;
    const picture = PICTURES.get(totals.attention > 0 && level !== 'critical' ? 'warning' : level);
    if (this.#find('icon').href !== picture) this.#find('icon').href = picture;
  }

  #showButtons(totals, filter) {
    const focused = [...this.#buttons.keys()].find((button) => button === document.activeElement);
    for (const [button, figure] of this.#buttons) button.hidden = totals[figure] === 0;
    for (const name of Object.keys(GROUPS)) {
      this.#find(`show-${name}`).setAttribute('aria-pressed', String(name === filter));
    }
    this.#find('filter').hidden = totals.files < 2;
    if (!focused?.hidden) return;
    // A button that vanishes must not take the keyboard's place in the page with it.
    const next = [...focused.parentElement.querySelectorAll('button')].find((button) => !button.hidden);
    (next ?? this.#find('list-title')).focus();
  }

  #showFigures(totals) {
    const { bytes, sentBytes, speed, files } = totals;
    const done = files > 0 && totals.over === files;
    const share = bytes > 0 ? sentBytes / bytes : Number(done);
    if (this.#shown.get('all') !== share) this.#find('all').value = share;
    this.#shown.set('all', share);
    this.#write('sum-percent', percentText(sentBytes, bytes, done));
    this.#write('sum-bytes', done ? bytesText(bytes) : bytesOfText(sentBytes, bytes));
    this.#write('sum-speed', speed > 0 ? `${bytesText(speed)}/s` : '');
    this.#write('sum-left', totalLeftText(totals));
    for (const [name, figure] of Object.entries(GROUPS)) this.#write(`count-${name}`, numberText(totals[figure]));
    const title = files > 0 ? titleText(totals) : 'Upload files – Spillway';
    if (document.title !== title) document.title = title;
  }

  #write(id, text) {
    if (this.#shown.get(id) === text) return;
    this.#shown.set(id, text);
    this.#find(id).textContent = text;
  }
}
