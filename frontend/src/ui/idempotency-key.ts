import { newKey } from '../api/new-key';

/** The idempotency key of what a form sends: the same for the same contents, until it is forgotten. */
export class IdempotencyKey {
  #kept: { payload: string; key: string } | null = null;

  of(payload: unknown): string {
    const text = JSON.stringify(payload);
    if (this.#kept?.payload !== text) this.#kept = { payload: text, key: newKey() };
    return this.#kept.key;
  }

  /** The server has answered: whatever comes next is another submission. */
  forget(): void {
    this.#kept = null;
  }
}
