import { showDate, weekdayIndex } from './dates';

const names = {
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  SU: 'Sunday',
} as const;

type Weekday = keyof typeof names;

export const weekdays = Object.keys(names) as Weekday[];
export const showWeekday = (day: Weekday): string => names[day];

/** In the week's order, whatever order they were chosen in. */
export const inOrder = (days: readonly Weekday[]): Weekday[] => weekdays.filter((day) => days.includes(day));

interface Recurrence {
  weekdays: readonly Weekday[];
  interval_weeks: number;
  starts_on: string;
  start_time: string;
  count: number | null;
}

/** "Every 2 weeks on Monday and Wednesday at 09:00", or "Once, on Mon 30 Nov at 09:00". */
export function showRecurrence(rule: Recurrence): string {
  const { weekdays: on, interval_weeks: every, starts_on: first, start_time: at } = rule;
  const isOnFirst = on.some((day) => weekdays.indexOf(day) === weekdayIndex(first));
  if (rule.count === 1 && isOnFirst) return `Once, on ${showDate(first)} at ${at}`;
  const days = inOrder(on).map(showWeekday);
  const list = days.length === 7 ? 'every day' : days.join(', ').replace(/, ([^,]+)$/, ' and $1');
  if (every === 1) return days.length === 7 ? `Every day at ${at}` : `Every ${list} at ${at}`;
  return `Every ${every} weeks on ${list} at ${at}`;
}
