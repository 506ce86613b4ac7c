# A database larger than memory.
BIG=30000
. sql-steps
