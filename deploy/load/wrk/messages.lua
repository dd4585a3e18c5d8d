-- One message per request, every one with its own recipient and Idempotency-Key.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
local later = os.getenv("SEND_AT") or ""

function init(arguments)
  begin()
  tail = later ~= "" and '","sendAt":"' .. later .. '"}' or '"}'
end

function request()
  return post("/v1/messages", '{"to":"' .. string.format("+336%08d", math.random(10000000, 37999999))
    .. '","text":"Your parcel arrives today between two and four","purpose":"transactional' .. tail)
end
