import { legend } from './overlay.js';
import { PLANS, WINDOWS, config, paint } from './plans.js';
import { columns, cut, joined, stretches } from './points.js';
import { local, utc } from './units.js';

/** All charts of the page: one time axis, one cursor, one series of points. */
class Charts {
  #length;
  #points;
  #charts;
  #whole = false;
  cursor = null; // index of a point

  constructor(points, figures) {
    this.#length = points.length ?? WINDOWS[points.window];
    this.#points = points;
    this.#charts = figures.map((figure) => this.#chart(figure));
    const repaint = () => this.#repaint();
    new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ['data-theme'] });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
    this.#show();
  }

  /** The time of the last point; none while there are only the few that came with the page. */
  get last() {
    return this.#whole ? this.#points.millis.at(-1) : undefined;
  }

  /**
   * @param restarted whether another run of the server has made them: what it did before stays
   *     visible, with a gap and a mark between
   */
  add(points, restarted) {
    const before = this.#points;
    if (restarted && !points.marks.some((mark) => mark.kind === 'START') && points.millis.length > 0) {
      points.marks.push({ at: points.millis[0], kind: 'START' });
    }
    const first = points.millis[0] ?? Infinity;
    if ((points.reset || !this.#whole) && !restarted) this.#points = points;
    else if (points.millis.length > 0) this.#points = joined(cut(before, 0, first), points, restarted);
    this.#whole = true;
    this.#show();
  }

  #show() {
    const last = this.#points.millis.at(-1) ?? Date.now();
    const from = this.#points.millis.findIndex((at) => at > last - this.#length);
    if (from > 0) {
      this.#points = cut(this.#points, last - this.#length, Infinity);
      if (this.cursor !== null) this.cursor = Math.max(0, this.cursor - from);
    }
    for (const chart of this.#charts) {
      this.#feed(chart, last);
      chart.update('none');
      this.#read(chart);
      this.#tabulate(chart);
    }
  }

  /** The same numbers for those who do not see the drawing. */
  #tabulate({ numbers, data }) {
    if (!numbers?.open) return;
    const lines = stretches(this.#points, data.datasets.map(({ trend }) => trend));
    const cell = (name, text) => Object.assign(document.createElement(name), { textContent: text });
    const rows = lines.map(({ at, most }) => {
      const row = document.createElement('tr');
      row.append(cell('th', utc(at, false)));
      row.firstChild.scope = 'row';
      for (const [i, { unit }] of data.datasets.entries()) {
        row.append(Object.assign(cell('td', most[i] === null ? '–' : unit(most[i])), { className: 'num' }));
      }
      return row;
    });
    numbers.querySelector('tbody').replaceChildren(...rows);
  }

  #feed(chart, last) {
    const { millis, values, marks } = this.#points;
    chart.marks = marks;
    Object.assign(chart.options.scales.x, { min: last - this.#length, max: last });
    for (const set of chart.data.datasets) {
      const points = millis.map((x, i) => ({ x, y: values[set.trend]?.[i] ?? NaN }));
      set.data = chart.plan.columns ? columns(points) : points;
    }
  }

  #chart(figure) {
    const plan = PLANS[figure.dataset.chart];
    const canvas = document.createElement('canvas');
    const plot = Object.assign(document.createElement('div'), { className: 'plot' });
    plot.append(canvas);
    const drawing = figure.querySelector('[data-drawing]');
    drawing.before(plot);
    drawing.hidden = true;
    const chart = new globalThis.Chart(canvas, config(plan, this));
    chart.plan = plan;
    chart.reading = Object.assign(document.createElement('p'), { className: 'reading muted' });
    plot.after(chart.reading, legend(chart));
    chart.numbers = figure.querySelector('details');
    chart.numbers?.addEventListener('toggle', () => this.#tabulate(chart));
    this.#describe(canvas, figure);
    this.#listen(chart, canvas);
    return chart;
  }

  #describe(canvas, figure) {
    const title = figure.querySelector('h3');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `Chart: ${title.textContent.trim()}. The arrow keys read its points.`);
    canvas.tabIndex = 0;
  }

  #listen(chart, canvas) {
    canvas.addEventListener('pointermove', (event) => this.#point(this.#nearest(chart, event.offsetX)));
    canvas.addEventListener('pointerleave', () => this.#point(null));
    // Spoken only for whoever moves the cursor by keys; a pointer would talk without end.
    canvas.addEventListener('focus', () => chart.reading.setAttribute('aria-live', 'polite'));
    canvas.addEventListener('blur', () => {
      chart.reading.removeAttribute('aria-live');
      this.#point(null);
    });
    canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  #key(event) {
    const end = this.#points.millis.length - 1;
    const at = this.cursor ?? end + 1;
    const to = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      PageUp: at - 10,
      PageDown: at + 10,
      Home: 0,
      End: end,
      Escape: null,
    }[event.key];
    if (to === undefined || end < 0) return;
    event.preventDefault();
    this.#point(to === null ? null : Math.min(end, Math.max(0, to)));
  }

  #nearest(chart, pixel) {
    const at = chart.scales.x.getValueForPixel(pixel);
    const { millis } = this.#points;
    let best = millis.length > 0 ? 0 : null;
    for (let i = 1; i < millis.length; i++) if (Math.abs(millis[i] - at) < Math.abs(millis[best] - at)) best = i;
    return best;
  }

  #point(index) {
    if (index === this.cursor) return;
    this.cursor = index;
    for (const chart of this.#charts) {
      chart.draw();
      this.#read(chart);
    }
  }

  get cursorAt() {
    return this.cursor === null ? null : this.#points.millis[this.cursor];
  }

  #read(chart) {
    const i = this.cursor;
    const at = this.cursorAt;
    const marks = this.#points.marks.filter((mark) => mark.at <= at && mark.at > (this.#points.millis[i - 1] ?? at - 1));
    const parts = chart.data.datasets.map(({ label, trend, unit }) => {
      const value = this.#points.values[trend]?.[i];
      return `${label} ${value === null || value === undefined ? 'not measured' : unit(value)}`;
    });
    chart.reading.textContent = at === null ? '' : `${utc(at)} UTC: ${[...marks.map((mark) => mark.kind.toLowerCase()), ...parts].join(', ')}`;
    chart.reading.title = at === null ? '' : local(at);
  }

  #repaint() {
    for (const chart of this.#charts) {
      paint(chart);
      chart.update('none');
    }
  }
}

/** Takes the place of the server's drawings; null on a page without charts. */
export function drawCharts() {
  const points = document.getElementById('points');
  const figures = [...document.querySelectorAll('figure[data-chart]')].filter((f) => PLANS[f.dataset.chart] && f.querySelector('[data-drawing]'));
  // Without the library, the server's drawings stay.
  if (!points || !globalThis.Chart || figures.length === 0) return null;
  return new Charts(JSON.parse(points.textContent), figures);
}
