# The keys of vi-keys at vi; ones that end with ESC need a pause behind them, or might be the beginning of a function key.
while read -r keys; do printf "$keys"; sleep 2; done <vi-keys | vi text.txt >/dev/null
md5sum text.txt copy.txt
