import type { Leg } from '../../api/types';

const minutes = (seconds: number): number => Math.ceil(seconds / 60);

/** "12 min to travel, 45 min between", and whether anybody knows the roads. */
export function legWords(leg: Leg): string {
  const guess = leg.estimated ? 'About ' : '';
  return `${guess}${minutes(leg.duration_seconds)} min to travel, ${Math.floor(leg.gap_seconds / 60)} min between`;
}

/** What a tight way means. */
export function tightLegWords(leg: Leg): string {
  return leg.gap_seconds < leg.duration_seconds
    ? 'Not enough time to get there'
    : `Tight: less than ${minutes(leg.buffer_seconds)} min to spare`;
}
