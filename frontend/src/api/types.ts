/** The nouns of the API by the names that the screens use. Instants are RFC 3339 in UTC; dates YYYY-MM-DD and times HH:MM, local. */

import type { components } from './schema';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type Session = Schemas['Session'];
export type Credentials = Schemas['SignInRequest'];
export type NewAccount = Schemas['SignUpRequest'];
export type NewOrganization = Schemas['OrganizationRequest'];
export type BusinessChoice = Schemas['BusinessChoice'];
export type Organization = Schemas['Organization'];

export type Service = Schemas['Service'];
export type Walker = Schemas['Walker'];
export type Location = Schemas['Location'];
export type Dog = Schemas['Dog'];

export type Weekday = Schemas['Weekday'];
export type SeriesRequest = Schemas['NewSeries'];
export type SeriesPreview = Schemas['SeriesPreview'];
export type SeriesCreated = Schemas['SeriesCreated'];
export type Occurrence = Schemas['Occurrence'];
export type Conflict = Schemas['OccurrenceConflict'];
export type Alternative = Schemas['OccurrenceAlternative'];

export type Series = Schemas['Series'];
export type WholeSeries = Schemas['WholeSeries'];
export type SkippedOccurrence = Schemas['SkippedOccurrence'];
export type Booking = Schemas['Booking'];
export type BookingCreated = Schemas['BookingCreated'];
export type BookingRequest = Schemas['NewBooking'];

export type CalendarBlock = Schemas['CalendarBlock'];
export type Leg = Schemas['CalendarLeg'];

export type Notification = Schemas['Notification'];
