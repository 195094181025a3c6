const STORED = 'spillway.awake';

/**
 * Keeps a device's screen on while uploads run: a phone that goes to sleep stops them. As the checkbox says, which is
 * only there when the browser can do it; ticked from the start on devices that are touched. Belongs to the page.
 */
export class Awake {
  #box;
  #label;
  #lock = null;
  #asking = false;
  #running = false;

  constructor(box, label, { wakeLock = navigator.wakeLock, touched = onTouchDevice() } = {}) {
    this.#box = box;
    this.#label = label;
    this.wakeLock = wakeLock;
    box.checked = stored() ?? touched;
    box.addEventListener('change', () => {
      store(box.checked);
      this.#update();
    });
    // The browser takes the lock away from a page that is hidden.
    document.addEventListener('visibilitychange', () => this.#update());
  }

  set running(running) {
    if (this.#running === running) return;
    this.#running = running;
    this.#update();
  }

  /** To be shown with the other buttons: only while there is something to stay awake for. */
  showFor(some) {
    this.#label.hidden = !this.wakeLock || !some;
  }

  async #update() {
    const wanted = this.#running && this.#box.checked && !document.hidden;
    if (!this.wakeLock || this.#asking) return;
    if (!wanted) {
      this.#lock?.release().catch(() => {});
      this.#lock = null;
    } else if (this.#lock === null || this.#lock.released) {
      this.#asking = true;
      // Refused when the battery is low, say: then the screen goes dark as ever.
      this.#lock = await this.wakeLock.request('screen').catch(() => null);
      this.#asking = false;
      if (this.#lock && !(this.#running && this.#box.checked)) this.#update();
    }
  }
}

const onTouchDevice = () => matchMedia('(hover: none) and (pointer: coarse)').matches;

/** Storage may be forbidden. */
function stored() {
  try {
    const text = localStorage.getItem(STORED);
    return text === null ? null : text === 'true';
  } catch {
    return null;
  }
}

function store(checked) {
  try {
    localStorage.setItem(STORED, String(checked));
  } catch {
    // then it holds until the page is left
  }
}
