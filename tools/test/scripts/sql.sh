# An SQL database on a file: journals of each kind, locks between processes, more data than memory. BIG: rows of the large table.
S="with recursive c(x) as (select 1 union all select x+1 from c where x <"
./sql a.db "create table t(id integer primary key, text text, n int); create index i on t(n);" "$S 2000) insert into t select x, hex(x*7919%10007), x*x%1000 from c" "select count(*), sum(n), max(text) from t"
./sql a.db "select * from t where n between 16 and 17 order by id desc limit 3" "insert into t values(5, 'twice', 0)"
./sql a.db "create table t(id)"
for mode in truncate persist memory wal delete; do
	./sql a.db "pragma journal_mode=$mode" "begin; update t set n=n+1 where id%3=0; commit; begin; delete from t where id<1500; rollback" "select count(*), sum(n) from t; pragma integrity_check"
	./busybox ls a.db*; done
./sql a.db "pragma journal_mode=wal" "begin immediate; update t set n=0 where id=1" "select n from t where id=1; attach 'b.db' as b; create table b.copy as select * from t; commit"
./sql b.db "select count(*), sum(n) from copy; create table total(n int); insert into total values(0); create table log(task int, step int)"
add() { for i in 1 2 3 4 5 6 7 8; do ./sql $1 "begin immediate; insert into log values($2, $i); update total set n=n+1; commit" || echo lost; done; }
	add b.db 1 & add b.db 2 & add b.db 3 & wait
	./sql b.db "select task, count(*), sum(step) from log group by task; select n from total; pragma integrity_check"
./sql b.db "pragma journal_mode=wal"
	add b.db 4 & add b.db 5 & ./sql b.db "select count(*) > 0 from log; pragma integrity_check" & wait
	./sql b.db "select task, count(*), sum(step) from log group by task; select n from total; pragma integrity_check; pragma wal_checkpoint(truncate)"
./sql big.db "pragma cache_size=500; create table w(id integer primary key, k int, filler text)" "$S $BIG) insert into w select x, x*48271%2147483647, hex(zeroblob(200)) from c" "create index wk on w(k); select count(*), sum(k), min(k), max(length(filler)) from w"
./sql big.db "pragma cache_size=500; select id, k from w where k > 2000000000 order by k limit 5; update w set filler=k where id%7=0; delete from w where id%5=0; vacuum; select count(*), sum(length(filler)) from w; pragma integrity_check"
./sql big.db "pragma mmap_size=100000000; select count(*), sum(k), sum(length(filler)) from w; select id, length(filler) from w where k < 1000000 order by k limit 3"
./busybox rm a.db b.db big.db; ./busybox ls *.db*
