import { Fragment, useState } from 'react';

import type { CalendarBlock, Way } from '../../api/types';
import { Button } from '../../ui/button';
import { Warning } from '../../ui/icons';
import { showDay, showTime } from '../../words/dates';

import { BlockDetails } from './block-details';
import { titleOf, type DayOfBlocks } from './days';
import { tightInWords, wayInWords } from './ways';

interface Props extends DayOfBlocks {
  zone: string;
  today: string;
}

export function Day({ date, blocks, zone, today }: Props) {
  return (
    <section aria-label={showDay(date, today)}>
      <h3 className="list-head">{showDay(date, today)}</h3>
      <ol className="list">
        {blocks.map((block) => (
          <Fragment key={block.id}>
            {block.travel_before && <WayBar way={block.travel_before} />}
            <Block block={block} zone={zone} />
          </Fragment>
        ))}
      </ol>
    </section>
  );
}

function WayBar({ way }: { way: Way }) {
  return (
    <li className={way.tight ? 'way way-tight' : 'way'}>
      {way.tight && <Warning />} {wayInWords(way)}
      {way.tight && ` · ${tightInWords(way)}`}
    </li>
  );
}

function Block({ block, zone }: { block: CalendarBlock; zone: string }) {
  const [isOpen, setOpen] = useState(false);
  const span = `${showTime(block.starts_at, zone)}–${showTime(block.ends_at, zone)}`;
  return (
    <li className={`block block-${block.kind}`}>
      <span className="block-when">{span}</span>
      <span className="block-what">
        <strong>{titleOf(block)}</strong>
        <span className="quiet">
          {block.bookings.map(({ customer_name: name, location }) => `${name ?? ''} · ${location.address}`).join('; ')}
        </span>
      </span>
      <Button kind="quiet" onPress={() => setOpen(true)} aria-label={`Details of ${titleOf(block)} at ${span}`}>
        Details
      </Button>
      <BlockDetails block={block} span={span} isOpen={isOpen} onClose={() => setOpen(false)} />
    </li>
  );
}
