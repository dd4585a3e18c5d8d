-- One message per request at a steady rate to recipients that are known, under PURPOSE: RATE a second over CONNECTIONS.
local key = os.getenv("AVAL_API_KEY")
local later = os.getenv("SEND_AT")
local purpose = os.getenv("PURPOSE")
local recipients = tonumber(os.getenv("RECIPIENTS"))
local between = 1000 * tonumber(os.getenv("CONNECTIONS")) / tonumber(os.getenv("RATE"))
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
end

-- by chance, so that connections do not fall into step; less what an answer takes
function delay()
  return math.max(1, math.floor(between * (0.5 + math.random()) - 4))
end

function request()
  count = count + 1
  wrk.headers["Idempotency-Key"] = run .. "-" .. count
  return wrk.format("POST", "/v1/messages", nil,
    '{"to":"' .. string.format("+336%08d", 10000000 + math.random(0, recipients - 1))
    .. '","text":"Your parcel arrives today between two and four","purpose":"' .. purpose
    .. '","sendAt":"' .. later .. '"}')
end

function done(summary, latency, requests)
  io.write(string.format("RESULT requests=%d seconds=%.3f errors=%d p50=%.2f p99=%.2f\n", summary.requests,
    summary.duration / 1e6, summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.timeout, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
