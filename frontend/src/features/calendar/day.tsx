import { Fragment, useState } from 'react';

import type { CalendarBlock, Leg } from '../../api/types';
import { Button } from '../../ui/button';
import { Warning } from '../../ui/icons';
import { showDay } from '../../words/dates';

import { BlockDetails } from './block-details';
import { spanOf, titleOf, type DayOfBlocks } from './days';
import { legWords, tightLegWords } from './legs';

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
            {block.travel_before && <LegBar leg={block.travel_before} />}
            <Block block={block} zone={zone} />
          </Fragment>
        ))}
      </ol>
    </section>
  );
}

function LegBar({ leg }: { leg: Leg }) {
  return (
    <li className={leg.tight ? 'leg leg-tight' : 'leg'}>
      {leg.tight && <Warning />} {legWords(leg)}
      {leg.tight && ` · ${tightLegWords(leg)}`}
    </li>
  );
}

function Block({ block, zone }: { block: CalendarBlock; zone: string }) {
  const [isOpen, setOpen] = useState(false);
  const span = spanOf(block, zone);
  return (
    <li className={`block block-${block.kind}`}>
      <span className="block-when">{span}</span>
      <span className="block-what">
        <strong>{titleOf(block)}</strong>
        <span className="quiet">
          {block.bookings.map(({ customer_name: name, location }) => `${name ?? ''} · ${location.address}`).join('; ')}
        </span>
      </span>
      <Button kind="quiet" onPress={() => setOpen(true)} aria-label={`Details of ${titleOf(block)}, ${span}`}>
        Details
      </Button>
      <BlockDetails block={block} span={span} isOpen={isOpen} onClose={() => setOpen(false)} />
    </li>
  );
}
