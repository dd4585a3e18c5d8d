-- A thousand messages per request.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "common.lua")
local later = os.getenv("SEND_AT") or ""
local size = tonumber(os.getenv("BATCH") or "1000")

function init(arguments)
  begin()
  tail = later ~= "" and '","sendAt":"' .. later .. '"}' or '"}'
end

function request()
  local items = {}
  for i = 1, size do
    items[i] = '{"to":"' .. string.format("+336%08d", math.random(10000000, 37999999))
      .. '","text":"Your parcel arrives today between two and four","purpose":"transactional' .. tail
  end
  return post("/v1/messages/batch", '{"messages":[' .. table.concat(items, ",") .. "]}")
end
