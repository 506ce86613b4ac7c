# Tools of busybox. Each line is a step of its own, and one that begins with a tab goes on with the line before;
# foreign_case.py prints what a step says and its status. The folder holds text.txt, words.txt and the programs;
# commands are found in busybox.

# counting and sorting
head -c 200000 text.txt > t; wc t words.txt; wc -L t
tr -cs A-Za-z '\n' < t | tr A-Z a-z | sort | uniq -c | sort -rn | head -20
sort -u t | md5sum; sort -k2,2 -k1n t | md5sum; sort -rc t
sort -t: -k3n -o sorted /dev/null; head -n 3000 words.txt | sort -r > sorted; sort -c sorted
sort -m sorted sorted | uniq -d | wc -l
sort words.txt | md5sum

# searching and editing
grep -c the t; grep -n 'in[gk] ' t | tail -n 3; grep -vi e t | wc -l
grep -E '^(A|T)[a-z]+' -o t | sort | uniq -c | head; grep -q nowhere-to-be-found t
grep -rl Shisho . | sort; head -n 12 sorted > pats; grep -F -f pats t | md5sum; grep -F -v -f pats sorted | wc -l
grep x nofile; egrep -w 'a|the' t | wc -l; fgrep -c . t
sed -n '10,20p;/page/{=;p;q}' t; sed 's/\([a-z]*\) \([a-z]*\)/\2 \1/g' t | md5sum
sed -e '/^$/d' -e 'y/abc/xyz/' t | tail -n 2
cp t u; sed -i 's/the/THE/; 5,$d' u; cat u; sed '$!N;P;D' t | cmp - t
sed s/x t

# awk's commands are run by /bin/sh, which looks along PATH, and that is this folder; so does tar for gzip
ln -s busybox sort
awk '{ n[length($0)]++ } END { for (i = 0; i < 200; i++) if (n[i]) print i, n[i] }' t | head -n 20
awk 'BEGIN { for (i = 0; i < 5; i++) printf "%d %.6f %s %x\n", i, i / 7, substr("abcdef", i, 2), i * 1000 }
	END { print NR, toupper("x") }' t
awk '{ for (i = 1; i <= NF; i++) c[$i]++ } END { for (w in c) print c[w], w }' t | sort -k1,1nr -k2 | head -n 5
awk 'BEGIN { while (("sort -r t" | getline x) > 0 && n++ < 3) print x; close("sort -r t")
	print "z\na" | "sort"; close("sort"); print system("exit 3"); exit 4 }'
awk 'BEGIN { printf "%s %s %s\n", 3 / 7, 2 * 512, int(-3.7); s = sprintf("%c%5.2e", 65, 12345); gsub(/5/, "<&>", s)
	print s, match("foobar", "o+"), RSTART, RLENGTH, index("abc", "c"); split("a:b:c", p, ":")
	print p[3] > "awk.out" }'
cat awk.out

# trees: rights, links, and archives of them
mkdir -p d/e/f d/g; echo one > d/one; echo two > d/e/two; echo three > d/e/f/three; ln d/one d/g/hard
ln -s ../e/two d/g/soft; chmod 640 d/one; chmod u+x,g-r,o= d/e/two; chmod 1777 d/g
ln -s busybox gzip
find d ! -type d | sort > list; tar cf d.tar $(cat list); tar tf d.tar; tar czf d.tar.gz $(cat list)
mkdir x; tar xzf d.tar.gz -C x; diff -r d x/d; tar xOf d.tar d/e/two
tar tvf d.tar | sed 's,[^ /]*/[^ /]* *,,;s/20.*:.. //'; rm d.tar d.tar.gz
tar cf - d | (mkdir y; cd y; tar xpf -); find y ! -type d | sort | xargs stat -c '%n %a %h %s'; rm -r y
tar xf nowhere.tar; tar tf t
find d | sort | cpio -o -H newc > d.cpio; cpio -t < d.cpio; mkdir z; cd z; cpio -id < ../d.cpio; cd ..
diff -r d z/d; rm d.cpio

# finding
find d -type f -name 't*' | sort; find d -type l -exec readlink {} \; ; find d -size +0 -links 2 | sort
find d -perm 640 | sort; find d -newer d/one -maxdepth 1 -name zzz; find nodir; find d -type d -empty
find . -maxdepth 1 -type f | sort; find d -depth -name 'e*' -prune -o -print | sort
find d -type f -print0 | xargs -0 md5sum | sort; seq 1 20 | xargs -n 7 echo; seq 3 | xargs -I{} echo a{}b
echo | xargs -r false; seq 3 | xargs false; echo "'a b' c\\ d" | xargs -n 1

# blocks and sums
dd if=t of=dd.out bs=1000 count=7 skip=3; dd if=dd.out bs=512 conv=sync 2>/dev/null | wc -c
dd if=t of=dd.out bs=1 seek=5000 count=10 conv=notrunc 2>/dev/null; md5sum dd.out
dd if=/dev/zero of=hole bs=1 count=0 seek=100000; stat -c %s hole; dd if=nofile
md5sum t words.txt; sha1sum t; sha256sum t; sha512sum t; sha3sum t; crc32 t; md5sum t > sum; md5sum -c sum
echo x >> t; md5sum -c sum; truncate -s 199000 t
cat t d/one - < sorted | md5sum; cat -n d/one; cat -A u | head -n 2; cat nofile d/one; tac u; rev u

# names: copied, moved, linked, listed, removed; and what is no good
cp -r d c; cp -a d ca; cp d/one d/e/two c; cp d c/sub; cp nofile c; cp t t; mv c/one c/two; mv c moved
mv moved/two moved/e ca; mv moved/nothing x; mv d d/e; find moved ca | sort
ln moved/one.not x1; ln -s t lt; ln t ht; ln -s . here; ls -l lt here | sed 's/.* //'; stat -c '%h %F %s' ht lt
stat -L -c '%F %s' lt; cat here/here/d/one; rm ht lt here; unlink u; link t ht; rm ht; readlink t; ln -sf a b
ln -sfn c b; readlink b; rm b
ls -1 d; ls -R d; ls -a d/e; ls -F d d/g; ls -d d nodir; ls -p d; touch -d @1000000000 d/one
ls -l --full-time d/one | tr -s ' ' | cut -d ' ' -f 1,2,5-
ls -s hole | wc -l; ls -S d/e | head -n 1
rm nofile; rm -f nofile; rm d; rm -r z x; rmdir d; mkdir d; mkdir -p d/e/f; mkdir -m 700 m; stat -c %a m
rmdir m; mkdir -p m/n/o; rmdir -p m/n/o; ls -d m; mkdir no/such/one; rm -rf ca moved; touch d/e/f
touch -c nofile2; ls nofile2

# pieces and columns
head -n 2 t; head -c 17 t; head -n -4 sorted | wc -l; tail -n 2 t; tail -c 17 t; tail -n +2998 sorted
head -n 1 t d/one; tail nofile
cut -c 1-9,11 t | md5sum; head -n 5 t | cut -d ' ' -f 2-3; echo a:b | cut -d: -f2 -s; cut t
tr -d '\n' < t | wc -c; echo hello | tr '[:lower:]' '[:upper:]'; echo aabbb | tr -s b; echo abc | tr a-b A-Z
uniq -c d/one; printf 'a\na\nb\n' | uniq -d; printf 'a\na\nb\n' | uniq -u; printf 'x a\ny a\n' | uniq -f 1
sort sorted > s1; head -n 2990 words.txt | sort > s2; paste -d, s1 s2 | head -n 3; seq 6 | paste - - -
seq 4 | paste -s

# differences
diff s1 s2; diff -u s1 s2 | sed 1,2d; diff -q s1 s2; diff s1 s1; sed '3d;10s/$/ changed/;20a added' s1 > s3
diff -u s1 s3 > s.patch; cp s1 s4; patch s4 < s.patch; cmp s3 s4; patch -R s4 < s.patch; cmp s1 s4
patch -p0 d/one < s.patch; cat d/one; cmp s1 s3; diff -r d nodir; rm -f s.patch d/one.*

# dumps and numbers
od t | md5sum; od -c t | head -n 3; od -A x -t x1 -N 40 -j 10 t; hexdump t | md5sum; hexdump -C t | head -n 3
hexdump -e '4/1 "%02x " "\n"' d/one; xxd t | tail -n 2; xxd -p d/one; xxd -p d/one | xxd -r -p
strings busybox | md5sum; strings -n 8 hello-musl | head -n 4
expr 3 + 4 \* 5; expr abc : 'a\(.\)'; expr 1 / 0; expr length hello; expr 0; expr substr abcdef 2 3; seq 5
seq -w 8 11; seq 1 0.5 2; seq -s, 3; seq x; factor 1234567 97; test 3 -lt 4; [ -f t -a ! -d t ]; [ t -nt d/one ]
printf '%5d|%-5s|%x\n' 42 ab 255; printf '%s\n' a b; echo -e 'a\tb\c'; dc -e '2 10 ^ p 17 3 / p'
echo '2^64; 355/113; scale=20; 355/113; define f(n) { if (n < 2) return 1; return n * f(n - 1); }; f(30)' | bc

# streams and layout
echo tee | tee tee1 tee2; cat tee1 tee2; echo more | tee -a tee1 | cat; cat tee1; yes | head -n 3
yes no | head -c 10; nl d/one; nl -ba s1 | tail -n 1; fold -w 30 t | head -n 3; fold -s -w 20 t | md5sum
expand -t 4 t | md5sum; unexpand -a t | md5sum; shuf -n 5 s1 | wc -l; shuf -i 1-5 | sort

# packers and codes
gzip -k t; gunzip -c t.gz | cmp - t; gzip -t t.gz; zcat t.gz | md5sum; gzip t; gzip -f t; ls t; gunzip t.gz
md5sum t; gzip -d nofile.gz; echo bad > bad.gz; gunzip bad.gz; gzip -9c t | wc -c; bzip2 -k t
bunzip2 -c t.bz2 | cmp - t; md5sum t.bz2; ./bzip2 -dc t.bz2 | cmp - t; ./bzip2 -c t | bunzip2 | cmp - t
bzcat t.bz2 | head -n 1; rm t.bz2; gunzip nothing.gz
base64 t | md5sum; base64 t | base64 -d | cmp - t; uuencode -m t x < t | head -n 2
uuencode x < d/one | uudecode -o uu; cat uu; basename /a/b.c .c; dirname /a/b.c
readlink -f d/g/soft | sed "s,$PWD,.,"; realpath d/g/../one d/g/soft nodir/x | sed "s,$PWD,.,"; which nothing

# what the system tells; where it must tell something else than Linux the output is thrown away
env | grep -v PWD | sort; env -i A=b env; pwd | sed 's,.*/,,'
(cd d/g; pwd | sed 's,.*/work,,'; cd -P ../..; pwd -P | sed 's,.*/work,work,')
stat -c '%n %s %a %F %h' t d d/g/soft | sed 's/ [0-9]*$//'; stat nofile; stat -f -c %T nofile; stat -c %Y d/one
date -d @1234567890; date -u -d '2001-02-03 04:05:06' +%s; date -r d/one +%Y-%m-%d; cal 2 2024; date -d nonsense
du -a nodir; du -s d | wc -l; df . >/dev/null 2>&1; ps -o pid,comm >/dev/null; ps >/dev/null; free >/dev/null
uptime > /dev/null; uname -s; uname -m | sed 's/.*86.*/x86/'; nproc > /dev/null; who; hostname >/dev/null
id -u >/dev/null; df nodir; pidof nothing; w > /dev/null

# processes and the rest
true; false; sleep 0; sleep 0.01; usleep 10; timeout 0.2 sleep 5; timeout 5 echo in time; time true 2>&1 | wc -l
(exit 7); sh -c 'kill -9 $$'; kill -l 9; kill -0 $$; mktemp -u abcXXXXXX | wc -c; mktemp -d ./tmpXXXXXX | wc -c
rmdir tmp*; sync; printf '1p\n1s/one/ed/\nw\nq\n' | ed d/one; cat d/one; cp t shredded; shred -u shredded
ls shredded; truncate -s 5000 tr; md5sum tr; fallocate -l 9000 fa; stat -c %s fa; rm tr fa; ts < /dev/null
