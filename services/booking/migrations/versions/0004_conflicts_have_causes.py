"""What a series skipped names the cause and the walker of each conflict, as new answers do."""

from alembic import op

revision = "0004"
down_revision = "0003"

# What the words of an older answer cannot tell (a day off from hours that are too short) gets the wider cause.
NAME_CAUSES = """
UPDATE series_skips s SET occurrence = jsonb_set(s.occurrence, '{conflicts}', (
    SELECT jsonb_agg(c || jsonb_build_object(
        'cause', CASE
            WHEN c->>'reason' = 'travel_time' THEN 'travel_time'
            WHEN c->>'message' = 'Existing booking' THEN 'own_booking'
            WHEN c->>'message' = 'Walker is off' THEN 'time_off'
            WHEN c->>'message' = 'Walker takes no bookings' THEN 'inactive'
            WHEN c->>'message' LIKE 'The clocks change%' THEN 'clock_change'
            WHEN c->>'reason' = 'overlap' THEN 'another_walk'
            ELSE 'outside_hours' END,
        'walker_name', coalesce((SELECT w.name FROM walkers w
            WHERE w.organization_id = s.organization_id AND w.id = (c->>'walker_id')::uuid), ''),
        'own_booking', NULL) ORDER BY n)
    FROM jsonb_array_elements(s.occurrence->'conflicts') WITH ORDINALITY AS e (c, n)))
WHERE s.occurrence->'conflicts' <> '[]' AND NOT s.occurrence->'conflicts'->0 ? 'cause'
"""


def upgrade() -> None:
    """Fill in what older rows lack."""
    op.execute(NAME_CAUSES)
