"""The numbers of advisory locks, in one place so that no two mean the same. Databases of different services do not share them."""

MIGRATIONS = 7_204_551
TEST_TEMPLATES = 7_204_552
RELAY = 7_204_553
SWEEP = 7_204_554
