import { overlay } from './overlay.js';
import { UNITS, step, utc } from './units.js';

const RIGHT = 44; // pixels for the scale on the right
const DASHES = [[], [6, 3], [2, 2], [8, 2, 2, 2], [1, 3]];
export const WINDOWS = { '10m': 600_000, '1h': 3_600_000, '6h': 21_600_000, '24h': 86_400_000 };

/** Chart → its unit, its series (trend, name), its limit, and what goes by the scale on the right. */
export const PLANS = {
  throughput: { unit: UNITS.rate, area: true, series: [['received', 'received'], ['stored', 'on record']] },
  latency: { unit: UNITS.seconds, series: [['chunkP99', 'p99'], ['chunkP50', 'p50']] },
  store: { unit: UNITS.seconds, series: [['commitP99', 'p99'], ['commitP50', 'p50']] },
  uploads: { unit: UNITS.count, series: [['moving', 'arriving'], ['waiting', 'waiting'], ['stalled', 'stalled']] },
  outcomes: {
    unit: UNITS.perSecond,
    columns: true,
    series: [
      ['served', 'served'],
      ['refused', 'refused'],
      ['serverErrors', 'server errors'],
      ['clientErrors', 'client errors'],
      ['aborted', 'aborted'],
    ],
  },
  buffers: {
    unit: UNITS.bytes,
    series: [['bufferBytes', 'leased'], ['bufferWaiting', 'chunks waiting', UNITS.count]],
    limit: 'bufferLimit',
  },
  heap: {
    unit: UNITS.bytes,
    series: [['heapLive', 'live'], ['collecting', 'time spent collecting', UNITS.share]],
    limit: 'heapMax',
  },
};

const probe = document.createElement('span');
probe.hidden = true;
document.body.append(probe);

/** One of the page's colours as it is now: a custom property itself would give the words light-dark(…). */
function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

const faint = (ink, alpha) => ink.replace('rgb(', 'rgba(').replace(')', `, ${alpha})`);

export function config(plan, charts) {
  const datasets = plan.series.map(([trend, label, unit = plan.unit], i) => ({
    trend,
    label,
    unit,
    number: i + 1,
    yAxisID: unit === plan.unit ? 'y' : 'right',
    fill: Boolean(plan.area && i === 0),
    borderDash: plan.columns ? [] : DASHES[i],
    data: [],
  }));
  if (plan.limit) {
    const limit = { trend: plan.limit, label: 'limit', unit: plan.unit, number: 0, yAxisID: 'y', borderDash: [10, 4], data: [] };
    // Before what goes by the other scale, as in the table of numbers.
    datasets.splice(datasets.findLastIndex((set) => set.yAxisID === 'y') + 1, 0, limit);
  }
  const scales = { x: timeScale(), y: valueScale(plan.unit, 'left', plan.columns) };
  const right = datasets.find((set) => set.yAxisID === 'right');
  if (right) scales.right = valueScale(right.unit, 'right');
  return {
    type: plan.columns ? 'bar' : 'line',
    data: { datasets },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: 4, right: right ? 0 : RIGHT } },
      scales,
      datasets: { line: { pointRadius: 0, borderWidth: 1.75 }, bar: { barPercentage: 1, categoryPercentage: 0.9, grouped: false } },
      plugins: { legend: { display: false }, tooltip: { enabled: false }, decimation: { enabled: true, algorithm: 'min-max' } },
    },
    plugins: [{ id: 'paint', beforeInit: paint }, overlay(charts, colour)],
  };
}

function timeScale() {
  return {
    type: 'linear',
    offset: false,
    grid: { drawTicks: false, offset: false },
    ticks: { maxRotation: 0, autoSkipPadding: 16, callback: (at) => utc(at, false) },
    afterBuildTicks: (axis) => {
      const apart = [120, 600, 3600, 14_400].map((s) => s * 1000).find((ms) => (axis.max - axis.min) / ms <= 7) ?? 14_400_000;
      axis.ticks = [];
      for (let at = Math.ceil(axis.min / apart) * apart; at <= axis.max; at += apart) axis.ticks.push({ value: at });
    },
  };
}

function valueScale(unit, position, stacked = false) {
  return {
    type: 'linear',
    position,
    stacked,
    beginAtZero: true,
    grid: { drawOnChartArea: position === 'left', drawTicks: false },
    border: { display: false },
    ticks: { callback: (value) => unit(value) },
    // One width, so that one moment is at one place in all of them.
    afterFit: (axis) => {
      axis.width = position === 'left' ? 76 : RIGHT;
    },
    afterDataLimits: (axis) => {
      axis.apart = step(axis.max, unit);
      axis.max = Math.max(1, Math.ceil(axis.max / axis.apart - 0.001)) * axis.apart;
    },
    afterBuildTicks: (axis) => {
      axis.ticks = [];
      for (let i = 0; i * axis.apart <= axis.max * 1.001; i++) axis.ticks.push({ value: i * axis.apart });
    },
  };
}

/** The colours of the theme as it is now. */
export function paint(chart) {
  for (const set of chart.config.data.datasets) {
    const ink = colour(set.number > 0 ? `series-${set.number}` : 'critical');
    set.borderColor = ink;
    set.backgroundColor = chart.config.type === 'bar' ? ink : faint(ink, 0.15);
  }
  for (const scale of Object.values(chart.config.options.scales)) {
    scale.ticks.color = colour('muted');
    scale.grid.color = faint(colour('control-border'), 0.3);
  }
}
