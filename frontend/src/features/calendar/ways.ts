import type { Way } from '../../api/types';

const minutes = (seconds: number): number => Math.ceil(seconds / 60);

/** "12 min to travel, 45 min between", and whether anybody knows the roads. */
export function wayInWords(way: Way): string {
  const guess = way.estimated ? 'About ' : '';
  return `${guess}${minutes(way.duration_seconds)} min to travel, ${Math.floor(way.gap_seconds / 60)} min between`;
}

/** What a tight way means. */
export function tightInWords(way: Way): string {
  return way.gap_seconds < way.duration_seconds
    ? 'Not enough time to get there'
    : `Tight: less than ${minutes(way.buffer_seconds)} min to spare`;
}
