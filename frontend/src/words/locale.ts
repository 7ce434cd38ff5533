/** English, with the week, the clock and the order of dates of the business's country (ISO 3166); British where none is known. */
export const localeOf = (country: string | null | undefined): string => (country ? `en-${country}` : 'en-GB');
