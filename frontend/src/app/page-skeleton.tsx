/** What stands where a page is still being fetched, while there is nothing around it either. */
export function PageSkeleton() {
  return (
    <main className="alone">
      <ContentSkeleton />
    </main>
  );
}

/** The same inside of the shell, which has its `main`. */
export function ContentSkeleton() {
  return (
    <div aria-busy="true">
      <h1 className="visually-hidden">Packwalk</h1>
      <p className="visually-hidden" role="status">
        Loading
      </p>
      <div className="skeleton skeleton-title" />
      <div className="skeleton skeleton-box" />
    </div>
  );
}
