import "./Whisker.css";

/** A value with the interval that it may lie in, if that is known. */
export interface Estimated {
  value: number;
  low: number | null;
  high: number | null;
}

/** What whiskers that stand under each other share, so that they can be compared. */
export type Span = readonly [low: number, high: number];

/** The span that holds everything that is known of some values, a little wider. */
export function spanOf(all: readonly Estimated[]): Span {
  const ends = all.flatMap(({ value, low, high }) => [low ?? value, high ?? value, value]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const margin = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * 0.08;
  return [low - margin, high + margin];
}

interface WhiskerProps extends Estimated {
  span: Span;
  /** Where a line across stands: no difference, for example. */
  line?: number;
}

/** A point and its interval as a line with ends. The numbers stand in words beside it, so screen readers pass it over. */
export function Whisker({ value, low, high, span, line }: WhiskerProps) {
  const x = (at: number) => `${Math.max(0, Math.min(100, ((at - span[0]) / (span[1] - span[0])) * 100))}%`;
  return (
    <svg className="whisker" aria-hidden="true">
      {line !== undefined && <line className="whisker-across" x1={x(line)} x2={x(line)} y1="0" y2="100%" />}
      {low !== null && high !== null && (
        <>
          <line x1={x(low)} x2={x(high)} y1="50%" y2="50%" />
          {/* The ends are taller than the point, which would hide those of a narrow interval. */}
          <line x1={x(low)} x2={x(low)} y1="10%" y2="90%" />
          <line x1={x(high)} x2={x(high)} y1="10%" y2="90%" />
        </>
      )}
      <circle cx={x(value)} cy="50%" r={4} />
    </svg>
  );
}
