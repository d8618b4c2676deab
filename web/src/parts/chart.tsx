import { useId } from 'preact/hooks';

export interface Bar { label: string; value: number; /** A part of the value that is drawn in the colour of failures. */ bad?: number }

const [width, height, gap] = [480, 120, 2];

/** Bars over time. A screen reader gets the summary; the numbers are in a table beside the charts. */
export function Bars({ title, summary, bars }: { title: string; summary: string; bars: Bar[] }) {
  const id = useId();
  const most = Math.max(1, ...bars.map(bar => bar.value));
  const step = width / bars.length;
  const high = (value: number) => value === 0 ? 0 : Math.max(2, height * value / most);
  return (
    <figure class="chart" aria-labelledby={id}>
      <figcaption id={id}><b>{title}</b> <span class="soft">{summary}</span></figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={`${title}: ${summary}`}>
        <line x1="0" x2={width} y1={height} y2={height} />
        {bars.map((bar, i) => (
          <g key={bar.label}>
            <title>{`${bar.label}: ${bar.value}`}</title>
            <rect x={i * step + gap / 2} width={step - gap} y={height - high(bar.value)} height={high(bar.value)} />
            {bar.bad ? <rect class="bad" x={i * step + gap / 2} width={step - gap} y={height - high(bar.bad)} height={high(bar.bad)} /> : null}
          </g>
        ))}
      </svg>
      <p class="ends soft"><span>{bars[0]?.label}</span><span>{bars.at(-1)?.label}</span></p>
    </figure>
  );
}
