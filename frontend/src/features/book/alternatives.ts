import type { Alternative } from '../../api/types';
import { showTime } from '../../words/dates';

/** "10:15", or "Sam at 09:00" where it is another walker than the one who was asked for. */
export function shortly(
  other: Alternative,
  zone: string,
  walkerId: string | null | undefined,
  call: (name: string) => string = (name) => name,
): string {
  const at = showTime(other.scheduled_start, zone);
  return other.walker_id === walkerId ? at : `${call(other.walker_name)} at ${at}`;
}
