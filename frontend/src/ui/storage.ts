/** The browser's storage. Where it is full or forbidden, what is kept lives as long as the page. */

class Kept {
  private readonly instead = new Map<string, string>();

  /** area: called at each use, for a browser that forbids storage throws at that already. */
  constructor(private readonly area: () => Storage) {}

  read(name: string): string | null {
    return this.instead.get(name) ?? this.attempt((area) => area.getItem(name)) ?? null;
  }

  write(name: string, text: string): void {
    const isWritten = this.attempt((area) => {
      area.setItem(name, text);
      return true;
    });
    if (isWritten) this.instead.delete(name);
    else this.instead.set(name, text);
  }

  remove(name: string): void {
    this.instead.delete(name);
    this.attempt((area) => area.removeItem(name));
  }

  /** All names that begin like this. */
  names(start: string): string[] {
    const stored = this.attempt((area) => Array.from({ length: area.length }, (_, index) => area.key(index) ?? ''));
    return [...new Set([...(stored ?? []), ...this.instead.keys()])].filter((name) => name.startsWith(start));
  }

  private attempt<T>(act: (area: Storage) => T): T | null {
    try {
      return act(this.area());
    } catch {
      return null;
    }
  }
}

/** What this tab keeps over a reload. */
export const tabStorage = new Kept(() => sessionStorage);
/** What all tabs keep, also when the browser is closed. */
export const browserStorage = new Kept(() => localStorage);
