import { useQuery } from '@tanstack/react-query';

import { problemOf } from '../../api/problem';
import { seriesDetail, seriesList } from '../../api/series';
import type { Organization, Series } from '../../api/types';
import { ProblemNote } from '../../ui/problem-note';
import { listed } from '../../words/count';
import { showRecurrence } from '../../words/weekdays';

import { SeriesDates } from './series-dates';
import { isSingleWalk } from './single-walks';

/** Every active series that repeats something, with its year at a glance. */
export function SeriesGroups({ us }: { us: Organization }) {
  const list = useQuery(seriesList);
  if (list.error) return <ProblemNote problem={problemOf(list.error)} onRetry={() => void list.refetch()} />;
  const active = list.data?.items.filter((series) => series.status === 'active' && !isSingleWalk(series)) ?? [];
  return active.map((series) => <SeriesGroup key={series.id} series={series} us={us} />);
}

function SeriesGroup({ series, us }: { series: Series; us: Organization }) {
  const { data, error, refetch } = useQuery(seriesDetail(series.id));
  return (
    <section className="box stack series" aria-label={`Series: ${showRecurrence(series.rule)}`}>
      <div>
        <h2>{showRecurrence(series.rule)}</h2>
        <p className="quiet">
          {listed(series.dog_names)} with {series.walker_name} · {series.service_name}
        </p>
      </div>
      {data && <SeriesDates series={data} us={us} />}
      {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!data && !error && <div className="skeleton skeleton-strip" />}
    </section>
  );
}
