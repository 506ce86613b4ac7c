# Links of both kinds, and a tar archive of them that is unpacked to the same.
./busybox mkdir a a/b; ./busybox cp text.txt a/file; ./busybox ln a/file a/b/too; ./busybox ln -s ../file a/b/up
./busybox ln -s nowhere a/dangling; ./busybox ln -s b a/folder; ./busybox ln -s $PWD/a/file a/absolute
./busybox ln a/dangling a/dangling-too; ./busybox ln a/file a/file; ./busybox ln -s x a/file; echo $?; ./busybox ln -sf b/up a/chain
./busybox ln -s x /dev/shm/../../work-not-there/x; echo $?
for f in a/b/up a/dangling a/dangling-too a/folder a/chain a/file; do ./busybox readlink $f; echo $?; done
./busybox stat -c '%N %h %s %F' a/file a/b/* a/dangling* a/folder a/chain
./busybox realpath a/folder/up a/chain a/b/../dangling | ./busybox sed "s,$PWD,.,"
./busybox readlink -f a/folder/too | ./busybox sed "s,$PWD,.,"
./busybox tar cf links.tar a/file a/b/too a/b/up a/dangling a/dangling-too a/folder a/chain
./busybox tar tvf links.tar | ./busybox sed 's/.* [0-9:]* a/a/'
./busybox mkdir out; ./busybox tar xf links.tar -C out; echo $?
cd out; for f in a/b/up a/dangling a/folder a/chain; do ../busybox readlink $f; done
../busybox stat -c '%N %h %s %F' a/file a/b/*; ../busybox cmp a/file a/b/up; ../busybox cmp a/chain ../text.txt; echo $?
../busybox cp -a a c; ../busybox stat -c '%N %h' c/b/* c/dangling; ../busybox rm -r a/folder; ../busybox find . | ../busybox sort
../busybox rm -r a c; cd ..; ./busybox rm links.tar a/absolute; ./busybox ls -l /proc/self/exe | ./busybox sed 's/.* //;s,.*/,,'
