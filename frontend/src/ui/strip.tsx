import { Toolbar } from 'react-aria-components';

import './strip.css';

export type CellKind = 'free' | 'tight' | 'taken' | 'chosen' | 'cancelled';

export interface Cell {
  date: string;
  kind: CellKind;
  /** "Mon 28 Dec 09:00: taken". */
  words: string;
}

interface Props {
  label: string;
  cells: readonly Cell[];
  onPress: (date: string) => void;
}

/** A year at a glance, a cell a date. One stop for the Tab key; the arrows go from date to date. */
export function Strip({ label, cells, onPress }: Props) {
  return (
    <Toolbar className="strip" aria-label={label}>
      {cells.map((cell) => (
        <button
          key={cell.date}
          type="button"
          className={`cell cell-${cell.kind}`}
          title={cell.words}
          aria-label={cell.words}
          onClick={() => onPress(cell.date)}
        />
      ))}
    </Toolbar>
  );
}
