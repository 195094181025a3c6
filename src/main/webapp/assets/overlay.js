/** What lies over a chart: what happened meanwhile, and the cursor that all charts share. */
export function overlay(charts, colour) {
  const line = ({ ctx, chartArea }, x, ink, dash) => {
    ctx.strokeStyle = ink;
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.moveTo(x, chartArea.top);
    ctx.lineTo(x, chartArea.bottom);
    ctx.stroke();
  };
  return {
    id: 'overlay',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      ctx.save();
      ctx.lineWidth = 1;
      ctx.font = '11px system-ui, sans-serif';
      ctx.fillStyle = colour('text');
      for (const { at, kind } of chart.marks ?? []) {
        const x = scales.x.getPixelForValue(at);
        if (x < chartArea.left || x > chartArea.right) continue;
        line(chart, x, colour('info'), [3, 3]);
        ctx.textAlign = x > chartArea.right - 50 ? 'right' : 'left';
        ctx.fillText(kind.toLowerCase(), x + (ctx.textAlign === 'left' ? 4 : -4), chartArea.top + 10);
      }
      const cursor = charts.cursorAt;
      if (cursor !== null) line(chart, scales.x.getPixelForValue(cursor), colour('text'), []);
      ctx.restore();
    },
  };
}

const SVG = 'http://www.w3.org/2000/svg';

/** The names of the series, each with a piece of its line. */
export function legend({ data, config }) {
  const list = Object.assign(document.createElement('ul'), { className: 'legend' });
  for (const set of data.datasets) {
    const item = document.createElement('li');
    const drawing = document.createElementNS(SVG, 'svg');
    const line = document.createElementNS(SVG, 'path');
    drawing.setAttribute('viewBox', '0 0 24 8');
    drawing.setAttribute('width', 24);
    drawing.setAttribute('height', 8);
    drawing.setAttribute('aria-hidden', 'true');
    line.setAttribute('d', 'M0 4H24');
    line.setAttribute('class', `line s${set.number > 0 ? set.number : 'limit'}`);
    line.setAttribute('stroke-dasharray', set.borderDash.join(' '));
    if (config.type === 'bar') {
      line.setAttribute('data-columns', '');
      line.setAttribute('stroke-width', 8);
    }
    drawing.append(line);
    const label = document.createElement('span');
    label.textContent = set.yAxisID === 'right' ? `${set.label} (scale on the right)` : set.label;
    item.append(drawing, ' ', label);
    list.append(item);
  }
  return list;
}
