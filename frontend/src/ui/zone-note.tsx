import { browserZone, cityOf } from '../words/dates';

/** Which clock the times of a page go by, where it is not the browser's own. */
export function ZoneNote({ zone }: { zone: string }) {
  if (zone === browserZone()) return null;
  return <p className="quiet">Times are {cityOf(zone)} time.</p>;
}
