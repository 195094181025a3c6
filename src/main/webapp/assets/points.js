/** What can be done to the points behind the charts; nothing changes the points it is given. */

const COLUMNS = 60;
const LINES = 8;

/** The points between two times, both left out. */
export function cut({ millis, values, marks, ...rest }, after, before) {
  const kept = (_, i) => millis[i] > after && millis[i] < before;
  return {
    ...rest,
    millis: millis.filter(kept),
    values: Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.filter(kept)])),
    marks: marks.filter(({ at }) => at > after),
  };
}

/** One series after the other, with a gap between the two if they are of two runs. */
export function joined(old, young, gap) {
  const between = gap && old.millis.length > 0 ? [null] : [];
  const trends = new Set([...Object.keys(old.values), ...Object.keys(young.values)]);
  const list = ({ millis, values }, trend) => values[trend] ?? millis.map(() => null);
  return {
    ...young,
    millis: [...old.millis, ...between.map(() => young.millis[0] - 1), ...young.millis],
    values: Object.fromEntries([...trends].map((t) => [t, [...list(old, t), ...between, ...list(young, t)]])),
    marks: [...new Map([...old.marks, ...young.marks].map((mark) => [mark.at + mark.kind, mark])).values()],
  };
}

/** Few and broad enough to be seen, each the mean of its stretch. */
export function columns(points) {
  const size = Math.max(1, Math.ceil(points.length / COLUMNS));
  const means = [];
  for (let i = 0; i < points.length; i += size) {
    const part = points.slice(i, i + size);
    const known = part.filter(({ y }) => !Number.isNaN(y));
    means.push({ x: part[0].x, y: known.reduce((sum, { y }) => sum + y / known.length, known.length > 0 ? 0 : NaN) });
  }
  return means;
}

/** The same in a few lines for a table: the end of each stretch, and the most of each trend in it. */
export function stretches({ millis, values }, trends) {
  const size = Math.max(1, Math.ceil(millis.length / LINES));
  const lines = [];
  for (let i = 0; i < millis.length; i += size) {
    const most = trends.map((trend) => {
      const known = (values[trend] ?? []).slice(i, i + size).filter((value) => value !== null);
      return known.length > 0 ? Math.max(...known) : null;
    });
    lines.push({ at: millis[Math.min(i + size, millis.length) - 1], most });
  }
  return lines;
}
