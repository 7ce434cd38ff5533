import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';

import { services, walkers } from '../../api/catalogue';
import type { Organization } from '../../api/types';

/** What a business lacks before anybody can book there, and where its customers sign up. */
export function FirstSteps({ us }: { us: Organization }) {
  const offered = useQuery(services);
  const staff = useQuery(walkers);
  const steps = [
    ...(offered.data?.length === 0 ? ['Add a walk that you offer, with its length and price.'] : []),
    ...(staff.data?.length === 0 ? ['Add a walker, with the hours in which they work.'] : []),
  ];
  if (!steps.length) return null;
  return (
    <section className="box">
      <h2>Before your customers can book</h2>
      <ul>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
        <li>
          Tell your customers the short name <strong>{us.slug}</strong>. They sign up with it at{' '}
          <Link to={`/register?organization=${us.slug}`}>
            {window.location.host}/register?organization={us.slug}
          </Link>
          .
        </li>
      </ul>
      <p className="quiet">
        There is no page for walks and walkers yet. The <a href="/api/v1/docs">description of the API</a> says how a
        program adds them.
      </p>
    </section>
  );
}
