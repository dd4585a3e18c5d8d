-- One message per request at a steady rate to recipients that are known, under PURPOSE: RATE a second over CONNECTIONS.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
local later = os.getenv("SEND_AT")
local purpose = os.getenv("PURPOSE")
local recipients = tonumber(os.getenv("RECIPIENTS"))
local between = 1000 * tonumber(os.getenv("CONNECTIONS")) / tonumber(os.getenv("RATE"))

function init(arguments)
  begin()
end

-- by chance, so that connections do not fall into step; less what an answer takes
function delay()
  return math.max(1, math.floor(between * (0.5 + math.random()) - 4))
end

function request()
  return post("/v1/messages", '{"to":"' .. string.format("+336%08d", 10000000 + math.random(0, recipients - 1))
    .. '","text":"Your parcel arrives today between two and four","purpose":"' .. purpose
    .. '","sendAt":"' .. later .. '"}')
end
