-- Keeps the first lines of a text, each a string in a table: sorts and joins them, looks them up in another order.
local lines = {}
for line in io.lines(arg[1]) do
	if #lines == tonumber(arg[2]) then
		break
	end
	local word, number = line:match("^(%a+)(%d+)$")
	lines[#lines + 1] = { line = line, word = word or line, number = tonumber(number) or 0 }
end
local function sum(of)
	local s = 0
	for i, each in ipairs(lines) do
		s = (s * 31 + of(each) + i) % 2147483647
	end
	return s
end
print(#lines, sum(function(each) return each.number end))
table.sort(lines, function(a, b) return a.line < b.line end)
print(lines[1].line, lines[#lines].line, sum(function(each) return each.number end))

local by_word = {}
for _, each in ipairs(lines) do
	local list = by_word[each.word] or {}
	by_word[each.word] = list
	list[#list + 1] = each
end
local words = {}
for word in pairs(by_word) do
	words[#words + 1] = word
end
table.sort(words)
print(#words, words[1], words[#words], #by_word[words[1]])

local parts = {}
for i, word in ipairs(words) do
	local numbers = {}
	for j, each in ipairs(by_word[word]) do
		numbers[j] = each.number
	end
	parts[i] = word .. ":" .. table.concat(numbers, ",")
end
local text = table.concat(parts, "\n")
print(#text, #text:gsub("%d", "x"), text:find("zero", 1, true))
io.open("big.out", "w"):write(text, "\n"):close()
