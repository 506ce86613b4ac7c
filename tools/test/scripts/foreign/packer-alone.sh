# Only to pack: to unpack with a tenth too little memory is a page fault for nearly each byte.
./bzip2 -k9 words.txt
