import { Link } from 'react-router';

import { Page } from '../ui/page';

export function NotFoundPage() {
  return (
    <Page title="There is no such page" lead="The address may be mistyped, or the page has moved.">
      <Link to="/">Go to your start page</Link>
    </Page>
  );
}
