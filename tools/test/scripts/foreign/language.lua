-- A bit of all that the language and its libraries have: what a port to a new system might get wrong.
local function generate(n)
	return coroutine.wrap(function()
		for i = 1, n do
			coroutine.yield(i, i * i)
		end
	end)
end
for i, square in generate(5) do
	io.write(i, " ", square, "\n")
end

local vector = {}
vector.__index = vector
vector.__add = function(a, b) return setmetatable({ x = a.x + b.x }, vector) end
vector.__tostring = function(v) return "vector " .. v.x end
vector.__close = function(v) print("closed", v.x) end
do
	local v <close> = setmetatable({ x = 1.5 }, vector) + setmetatable({ x = 2 }, vector)
	print(tostring(v))
end

-- Numbers: integers wrap, floats are as C's.
print(math.maxinteger + 1 == math.mininteger, 7 // 2, -7 // 2, 7 % -3, 2^53, 1e15, 0.1 + 0.2, 1 / 0, -(0 / 0) ~= 0)
print(("%.14g %5.3e %a %x"):format(math.pi, 12345.678, 0.5, 255))
print(math.sin(1), math.exp(1), math.log(10), math.fmod(-7, 3), math.tointeger(3.0))
print(math.type(3), math.type(3.0), tonumber("0x1p4"), tonumber("z", 36), 5 // 0.0, 3 | 8, ~0, 1 << 62)

-- Strings.
print(("hello world"):gsub("o", "0"), ("key = value"):match("^(%w+)%s*=%s*(%w+)$"), ("%bxy"):rep(3, "-"))
print(string.pack("<i4d", -2, 1.5):byte(1, -1))
print(utf8.char(0x53f8, 0x66f8), utf8.len("司書"), ("x"):rep(10):len(), #("ab"):rep(1000000))
print(pcall(error, { code = 3 }), select("#", pcall(string.rep, "x", -1)), pcall(string.rep, "x", 1 << 31))
print(select(2, pcall(function() local t = nil; return t.x end)))

-- A stack that is too deep, and a list that is long.
local function deep(n) return n == 0 and 0 or 1 + deep(n - 1) end
print(deep(150000), pcall(deep, 1e7))
local squares = setmetatable({}, { __index = function(_, i) return i * i end, __len = function() return 50000 end })
print(#table.concat(squares, ","))

-- Files: written, sought, renamed, removed; and what other programs say.
local file = assert(io.open("lua.out", "w+b"))
for i = 1, 1000 do
	file:write(i, "\t", i * 1.5, "\n")
end
print(file:seek("cur"), file:seek("set", 100), file:read("l", "n", "n"), file:seek("end"))
file:setvbuf("full", 1 << 16)
file:close()
print(os.rename("lua.out", "lua.moved"), io.open("lua.out"), os.remove("lua.out"))
local lines = 0
for _ in io.lines("lua.moved") do
	lines = lines + 1
end
print(lines, io.open("lua.moved"):read("a"):len())
print(os.execute("exit 3"))
print(os.execute("exit 9"))
local pipe = io.popen("./busybox sort -rn lua.moved", "r")
print(pipe:read("l"), #pipe:read("a"), pipe:close())
pipe = io.popen("./busybox wc -c", "w")
pipe:write(("x"):rep(100000))
print(pipe:close())
print(os.getenv("PATH"), os.getenv("NOTHING"), os.date("!%Y-%m-%d %H:%M:%S", 1e9))
print(os.time({ year = 2001, month = 9, day = 9, hour = 12 }))
print(os.clock() >= 0, os.time() > 1e9, os.tmpname():match("^/tmp/lua_") ~= nil)
local temporary = io.tmpfile()
temporary:write("kept for a while")
temporary:seek("set")
print(temporary:read("a"))

-- Functions that are compiled at run time; garbage is collected in both ways.
print(load("return ...", "chunk", "t")(42), load("return +", "=chunk"), #string.dump(load("return 1")) > 50)
for _, mode in ipairs({ "generational", "incremental" }) do
	collectgarbage(mode)
	local keep = setmetatable({}, { __mode = "v" })
	for i = 1, 100000 do
		keep[i % 100] = { i, tostring(i) }
	end
	collectgarbage()
	print(mode, next(keep))
end
os.exit(5)
