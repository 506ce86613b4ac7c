# A database that fits into memory.
BIG=4000
. sql-steps
