-- A thousand messages per request.
local key = os.getenv("AVAL_API_KEY")
local later = os.getenv("SEND_AT") or ""
local size = tonumber(os.getenv("BATCH") or "1000")
local thread_number = 0

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function init(arguments)
  math.randomseed(os.time() * 1000 + number * 7919)
  run = string.format("%d-%d-%d", os.time(), number, math.random(0, 1000000000))
  count = 0
  wrk.headers["Authorization"] = "Bearer " .. key
  wrk.headers["Content-Type"] = "application/json"
  tail = later ~= "" and '","sendAt":"' .. later .. '"}' or '"}'
end

function request()
  count = count + 1
  wrk.headers["Idempotency-Key"] = run .. "-" .. count
  local items = {}
  for i = 1, size do
    items[i] = '{"to":"' .. string.format("+336%08d", math.random(10000000, 37999999))
      .. '","text":"Your parcel arrives today between two and four","purpose":"transactional' .. tail
  end
  return wrk.format("POST", "/v1/messages/batch", nil, '{"messages":[' .. table.concat(items, ",") .. "]}")
end

function done(summary, latency, requests)
  io.write(string.format("RESULT requests=%d seconds=%.3f errors=%d p50=%.2f p99=%.2f\n", summary.requests,
    summary.duration / 1e6, summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.timeout, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
