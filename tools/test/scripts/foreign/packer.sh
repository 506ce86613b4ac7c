# bzip2 packs 3 MB, unpacks them, and knows what is cut off.
./bzip2 -k9 words.txt
./bzip2 -dc words.txt.bz2 | ./busybox md5sum
./bzip2 -t words.txt.bz2
./busybox head -c 1000 words.txt.bz2 > cut.bz2; ./bzip2 -t cut.bz2 2>/dev/null
