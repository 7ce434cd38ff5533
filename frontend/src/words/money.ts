/** "£940", "£940.50": minor units by the currency's own number of them. */
export function showPrice(minor: number, currency: string): string {
  const style = { style: 'currency', currency } as const;
  const digits = new Intl.NumberFormat('en-GB', style).resolvedOptions().maximumFractionDigits ?? 2;
  const whole = minor % 10 ** digits === 0;
  return new Intl.NumberFormat('en-GB', { ...style, minimumFractionDigits: whole ? 0 : digits }).format(
    minor / 10 ** digits,
  );
}
