/** Dates and times as people read them. Instants are shown in the organization's zone, never in the browser's. */

const locale = 'en-GB';
const day = 86_400_000;

/** Local calendar days have no zone: they are taken as UTC midnights and shown in UTC. */
const asUtc = (date: string): Date => new Date(`${date}T00:00:00Z`);

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  formats.set(key, made);
  return made;
}

/** "Mon 14 Dec", with the year where it is not this one. */
export function showDate(date: string, thisYear = new Date().getUTCFullYear()): string {
  const at = asUtc(date);
  const year = at.getUTCFullYear() === thisYear ? {} : ({ year: 'numeric' } as const);
  return format('UTC', { weekday: 'short', day: 'numeric', month: 'short', ...year })
    .format(at)
    .replace(',', '')
    .replace('Sept', 'Sep');
}

/** "Mon 14 Dec", where the year is said elsewhere. */
export const showDayOfYear = (date: string): string => showDate(date, asUtc(date).getUTCFullYear());

/** "Mon 14 Dec 2026", in whatever way the browser writes dates itself. */
export const showFullDate = (date: string): string => showDate(date, 0);

/** "December 2026" of "2026-12". */
export const showMonth = (month: string): string =>
  format('UTC', { month: 'long', year: 'numeric' }).format(asUtc(`${month}-01`));

/** "Dec" of "2026-12". */
export const showShortMonth = (month: string): string =>
  format('UTC', { month: 'short' })
    .format(asUtc(`${month}-01`))
    .replace('Sept', 'Sep');

/** The local time of an instant, HH:MM. */
export const localTime = (instant: string | Date, zone: string): string =>
  format(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant));

/** People read a time as the API writes it: "09:00". */
export const showTime: (instant: string, zone: string) => string = localTime;

/** The local calendar day of an instant, YYYY-MM-DD. */
export function localDate(instant: string | Date, zone: string): string {
  const parts = format(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(new Date(instant));
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

export const addDays = (date: string, days: number): string =>
  new Date(asUtc(date).getTime() + days * day).toISOString().slice(0, 10);

/** "Today", "Tomorrow" or the date. */
export function showDay(date: string, today: string): string {
  if (date === today) return 'Today';
  return date === addDays(today, 1) ? 'Tomorrow' : showDate(date);
}

/** Monday is 0. */
export const weekdayIndex = (date: string): number => (asUtc(date).getUTCDay() + 6) % 7;

/** The Monday of a date's week. */
export const weekOf = (date: string): string => addDays(date, -weekdayIndex(date));

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** "London" of "Europe/London". */
export const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
