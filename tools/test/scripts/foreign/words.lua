-- Counts the words of a text and lists the most frequent.
local count, order = {}, {}
for line in io.lines(arg[1]) do
	for word in line:gmatch("%a+") do
		word = word:lower()
		if not count[word] then
			count[word] = 0
			order[#order + 1] = word
		end
		count[word] = count[word] + 1
	end
end
table.sort(order, function(a, b)
	if count[a] ~= count[b] then
		return count[a] > count[b]
	end
	return a < b
end)
for i = 1, 25 do
	print(("%-12s %6d %5.2f"):format(order[i], count[order[i]], count[order[i]] / #order))
end
print(#order)
