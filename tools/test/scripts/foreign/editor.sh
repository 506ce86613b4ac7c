# The keys of vi-keys at vi; ones that end with ESC need a pause behind them, or might be the beginning of a function key.
# In virtual time a pause passes at once while vi waits for the disk; so its pages are read before.
cat busybox text.txt vi-keys >/dev/null; while read -r keys; do printf "$keys"; sleep 2; done <vi-keys | vi text.txt >/dev/null
md5sum text.txt copy.txt
