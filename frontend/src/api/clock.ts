/** The time by the server's clock: that of a device may be off by hours, and what is ahead or over is for the server to say. */

let offset_ms = 0;

/** Smaller differences are the way of the answer, and the header's whole seconds. */
const tolerated_ms = 60_000;

/** Learn the difference from an answer's `Date`. */
export function compareClocks(header: string | null): void {
  const difference_ms = Date.parse(header ?? '') - Date.now();
  if (!Number.isNaN(difference_ms)) offset_ms = Math.abs(difference_ms) > tolerated_ms ? difference_ms : 0;
}

export const serverNow = (): Date => new Date(Date.now() + offset_ms);
