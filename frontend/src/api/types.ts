/** The nouns of the API as `docs` of the contract name them. Instants are RFC 3339 in UTC, dates YYYY-MM-DD and times HH:MM local. */

export type Role = 'customer' | 'walker' | 'admin';
export type Weekday = 'MO' | 'TU' | 'WE' | 'TH' | 'FR' | 'SA' | 'SU';

export interface Account {
  id: string;
  organization_id: string;
  role: Role;
  name: string;
  email: string;
}

export interface Session {
  csrf_token: string;
  account: Account;
}

export interface Organization {
  id: string;
  slug: string;
  name: string;
  time_zone: string;
  currency: string;
  cancellation_notice_hours: number;
}

export interface Service {
  id: string;
  kind: 'walk' | 'group_walk' | 'meet_and_greet';
  name: string;
  description: string | null;
  duration_minutes: number;
  price_cents: number;
  currency: string;
  full_price_cents?: number | null;
  active: boolean;
}

export interface Walker {
  id: string;
  name: string;
  active: boolean;
}

export interface Location {
  id: string;
  label: string;
  address: string;
  lat: number;
  lng: number;
}

export interface Dog {
  id: string;
  name: string;
  breed?: string | null;
}

export interface Conflict {
  reason: 'overlap' | 'block' | 'travel_time';
  severity: 'hard' | 'warning';
  message: string;
  walker_id: string;
}

export interface Alternative {
  scheduled_start: string;
  walker_id: string;
  walker_name: string;
}

export interface Occurrence {
  date: string;
  time: string;
  scheduled_start: string;
  scheduled_end: string;
  outcome: 'available' | 'warning' | 'conflict';
  conflicts: Conflict[];
  alternatives: Alternative[];
}

export interface Replacement {
  date: string;
  scheduled_start: string;
  walker_id: string;
}

export interface SeriesRequest {
  service_id: string;
  walker_id: string | null;
  location_id: string;
  dog_ids: string[];
  starts_on: string;
  start_time: string;
  weekdays: Weekday[];
  interval_weeks: number;
  count: number | null;
  until: string | null;
  accepted_dates?: string[] | null;
  replacements?: Replacement[] | null;
}

export interface SeriesPreview {
  walker_id: string;
  walker_name?: string;
  occurrences: Occurrence[];
  available_count: number;
  warning_count: number;
  conflict_count: number;
  price_cents: number;
  walkers?: { walker_id: string; name: string; available_count: number }[] | null;
}

export interface MadeBooking {
  id: string;
  walker_id: string;
  scheduled_start: string;
  price_cents: number;
}

export interface SeriesCreated {
  series: { id: string };
  bookings: MadeBooking[];
  skipped: Occurrence[];
}

export interface Booking {
  id: string;
  series_id: string | null;
  service_name: string;
  walker_id: string;
  walker_name: string;
  location: { label: string; address: string };
  dog_names: string[];
  customer_name?: string;
  date: string;
  scheduled_start: string;
  scheduled_end: string;
  status: 'scheduled' | 'cancelled';
  price_cents: number;
  currency: string;
  cancel_reason: string | null;
}

export interface Rule {
  starts_on: string;
  start_time: string;
  weekdays: Weekday[];
  interval_weeks: number;
  count: number | null;
  until: string | null;
}

export interface Series {
  id: string;
  status: 'active' | 'cancelled';
  rule: Rule;
  service_name: string;
  walker_name: string;
  dog_names: string[];
  booking_count: number;
  skipped_count: number;
}

export interface SeriesDetail extends Series {
  bookings: Booking[];
  skipped: Occurrence[];
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
