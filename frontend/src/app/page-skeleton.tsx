export function PageSkeleton() {
  return (
    <main className="alone" aria-busy="true">
      <p className="visually-hidden" role="status">
        Loading
      </p>
      <div className="skeleton skeleton-title" />
      <div className="skeleton skeleton-box" />
    </main>
  );
}
