# What the shell knows, so that any POSIX shell prints the same. Run with two arguments: "one two" three.
for word in a "b c" 'd  e' *.nothing; do echo "[$word]"; done
number=0
while [ $number -lt 4 ]; do
	number=$((number + 1))
	if test $number -eq 2; then
		continue
	elif [ $number = 3 ]; then
		echo three
	else
		echo other
	fi
done
echo $((2 + 3 * (4 - 1) % 5)) $((-7 / 2)) $((1 == 1 && 2 > 3)) $((!0 || 0)) $((number * number))
cat <<END
number is $number, $(echo inner "$(echo deep)") and \$number, "quoted" 'too'
END
cat <<'END' | wc -l
$number
two
END
last=$(for n in 1 2 3; do echo $n; done | tail -n 1); echo "last=$last"
false || echo or && echo and
! true; echo $?
if ! false; then echo not; fi
{ echo grouped; echo too; } >g; cat g; rm g
(cd /bin; pwd; inner=yes); pwd >here; test -s here && echo "${inner}nothing"
while read first rest; do echo "<$first|$rest>"; done <<END
one two three
  four
END
echo a b | { read p q; echo "$q-$p"; }
if cd /nowhere 2>x; then echo no; else echo cannot; fi
echo $(echo "a   b") "$(echo "a   b")"
until false; do echo once; break; done
for i in 1 2; do for j in 1 2; do echo $i$j; continue 2; done; done
for i in 1 2; do while true; do break 2; done; done; echo out of two
A=1 B=2
echo $A$B ${A}x ${B}; C=3 sh -c 'echo $C $0 $1 $#' name arg
echo $# "$1" $2; for a; do echo "($a)"; done; for a in "$@"; do echo "[$a]"; done; for a in $@; do echo "{$a}"; done
shift; echo $# $1
empty=; for a in $empty "$empty" x; do echo "<$a>"; done
: >ab; : >ac; : >b1; : >.hidden
echo * a? [a-b]* [!a]* "a?" a\? .h* ./a*; ls -d a* | wc -l
test -f ab; echo $?; test -d ab; echo $?; [ -z "" ]; echo $?; [ ! -e nothing ]; echo $?; [ a != b ]; echo $?
case_of_quotes='$A "x"'; echo "$case_of_quotes" "\$A \"x\"" '$A'
echo one; echo two # and a comment
echo '# no comment' a#b
echo continued \
	line
exit_in_child=$(exit 7); echo $?
(exit 3) || echo "status $?"
true && { false || true; } && echo nested
x=$(cat <<END
from $A
END
); echo "$x"
echo to-err 2>err >&2; cat err 2>&1; echo both >both 2>&1; cat both
export D=seen; sh -c 'echo $D'
false; echo $?; false | true; echo $?; true | false; echo $?
sh -c 'exit 5'; echo $?; nosuchprogram 2>x; echo $?
if false; then :; fi; echo $?
while false; do :; done; echo $?
sh -c 'exit 3' & wait $!; echo $?; sleep 0 & wait; echo $?
(exit 4) & first=$!; (exit 5) & sleep 0; wait $!; echo $?; wait $first; echo $?
unset_one=; echo ${unset_one:-default} "${nothing:-in quotes}" ${unset_one:-$D} ${D:-no} ${9:-nine} ${1:-one}.
echo '~ ` ${x#y}' "it's" "~" a~ \~ \` '$'; echo "$(echo '`')"
printf_free=$(echo tail; echo; echo); echo "$printf_free."
rm -f ab ac b1 .hidden here err both x
rm -r deep 2>x; mkdir deep deep/er; touch deep/er/file; rm -r deep; test -e deep; echo $?; rm x
