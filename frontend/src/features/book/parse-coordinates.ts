/** Coordinates as people copy and type them: with points or commas, in degrees, minutes and seconds, one by one or as a pair. */

export type Axis = 'lat' | 'lng';

export interface Pair {
  lat: number;
  lng: number;
}

interface Angle {
  value: number;
  /** Known where a letter of the compass says so. */
  axis: Axis | null;
}

const limits = { lat: 90, lng: 180 };
const names = { lat: 'latitude', lng: 'longitude' };
const axes: Readonly<Record<string, Axis>> = { N: 'lat', S: 'lat', E: 'lng', W: 'lng' };

/** One spelling of minus, degrees, minutes, seconds and spaces. */
const plain = (text: string): string =>
  text
    .replace(/[\u2212\u2013]/g, '-')
    .replace(/[\u00ba\u02da]/g, '°')
    .replace(/''|[\u2033\u201c\u201d]/g, '"')
    .replace(/[\u2032\u2018\u2019]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();

const number = '\\d{1,3}(?:[.,]\\d+)?';
const angle = new RegExp(
  `^(?<before>[NSEW])? ?(?<sign>[+-])? ?(?<degrees>${number}) ?(?<degree>°)? ?` +
    `(?:(?<minutes>${number}) ?'? ?(?:(?<seconds>${number}) ?"? ?)?)?(?<after>[NSEW])?$`,
  'i',
);

const toNumber = (text: string | undefined): number => Number((text ?? '0').replace(',', '.'));
const isWhole = (text: string | undefined): boolean => !text || /^\d+$/.test(text);

/** One angle; null where the text is none, or could be read in two ways. */
function parseAngle(text: string): Angle | null {
  const parts = angle.exec(text)?.groups;
  if (!parts) return null;
  const { before, after, sign, degrees, degree, minutes, seconds } = parts;
  const letter = (before ?? after)?.toUpperCase();
  if (before && after) return null;
  // "-51 S" may be meant as twice or once to the south.
  if (letter && sign) return null;
  // "51 30" may be two degrees as well.
  if (minutes && !letter && !degree) return null;
  if ((minutes && !isWhole(degrees)) || (seconds && !isWhole(minutes))) return null;
  if (toNumber(minutes) >= 60 || toNumber(seconds) >= 60) return null;
  const size = toNumber(degrees) + toNumber(minutes) / 60 + toNumber(seconds) / 3600;
  const isNegative = sign === '-' || letter === 'S' || letter === 'W';
  const value = Math.round(size * 1e7) / 1e7;
  return { value: isNegative && value ? -value : value, axis: letter ? (axes[letter] ?? null) : null };
}

/** Ways to cut a pair in two; each matches only where the cut cannot be a decimal comma. */
const cuts = [
  /^([^;|/]+)[;|/]([^;|/]+)$/,
  /^(.*[^,]), (.+)$/,
  /^(.*[NS]) ?,? ?(.*[EW])$/i,
  /^(.*[EW]) ?,? ?(.*[NS])$/i,
  /^([NS][^EW]*?) ?,? ?([EW].*)$/i,
  /^([EW][^NS]*?) ?,? ?([NS].*)$/i,
  /^([^,]*\.[^,]*),([^,]+)$/,
  /^([^,]+),([^,]*\.[^,]*|[+-][^,]+)$/,
  /^([+-]?\d+,\d+),([+-]?\d+,\d+)$/,
  /^([+-]?\d+[.,]\d+) ([+-]?\d+(?:[.,]\d+)?)$/,
  /^([+-]?\d+) ([+-]\d+(?:[.,]\d+)?|\d+[.,]\d+)$/,
];

/** Both coordinates in one text, such as "51.5014, -0.1419" or "51°30'5"N 0°8'31"W"; null where it is no such pair. */
export function parsePair(text: string): Pair | null {
  const whole = plain(text).replace(/^\((.*)\)$/, '$1');
  for (const cut of cuts) {
    const [, left, right] = cut.exec(whole) ?? [];
    const pair = left && right ? pairOf(parseAngle(left.trim()), parseAngle(right.trim())) : null;
    if (pair) return pair;
  }
  return null;
}

function pairOf(first: Angle | null, second: Angle | null): Pair | null {
  if (!first || !second) return null;
  if (first.axis && second.axis && first.axis === second.axis) return null;
  const isSwapped = first.axis === 'lng' || second.axis === 'lat';
  const [lat, lng] = isSwapped ? [second.value, first.value] : [first.value, second.value];
  return Math.abs(lat) <= limits.lat && Math.abs(lng) <= limits.lng ? { lat, lng } : null;
}

/** What is wrong with a text as the coordinate of that axis, as a sentence; otherwise its value. */
function parseOne(text: string, axis: Axis): number | string {
  if (!text.trim()) return `Please enter the ${names[axis]}, or paste both numbers into one of the fields.`;
  const found = parseAngle(plain(text));
  if (!found)
    return `We cannot read this ${names[axis]} for sure. Please write it like ${axis === 'lat' ? '51.5014' : '-0.1419'}.`;
  if (found.axis && found.axis !== axis) return `This is a ${names[found.axis]}. Please put it into the other field.`;
  if (Math.abs(found.value) > limits[axis])
    return `A ${names[axis]} is between -${limits[axis]} and ${limits[axis]}. Please check the number.`;
  return found.value;
}

/** Whole numbers about one comma: "51,5" is 51.5, or a pair of 51 and 5. Only the other field tells. */
const isAmbiguous = (text: string): boolean => /^[+-]?\d+,\d+$/.test(plain(text));

/** What both fields say together: the place, or by field what is wrong. */
export function readCoordinates(lat: string, lng: string): Pair | { errors: Partial<Record<Axis, string>> } {
  const [only, empty] = lat.trim() ? [lat, lng] : [lng, lat];
  if (!empty.trim() && only.trim()) {
    const pair = parsePair(only);
    if (pair) return pair;
    if (isAmbiguous(only))
      return {
        errors: {
          [lat.trim() ? 'lat' : 'lng']: 'This may be one number or two. Please write a point instead of the comma.',
        },
      };
  }
  const found = { lat: parseOne(lat, 'lat'), lng: parseOne(lng, 'lng') };
  if (typeof found.lat === 'number' && typeof found.lng === 'number') return { lat: found.lat, lng: found.lng };
  return {
    errors: {
      ...(typeof found.lat === 'string' && { lat: found.lat }),
      ...(typeof found.lng === 'string' && { lng: found.lng }),
    },
  };
}
