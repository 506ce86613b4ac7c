# Programs for Lua that count, sort and keep much.
./lua words.lua text.txt
./lua language.lua
./lua big.lua words.txt 20000
