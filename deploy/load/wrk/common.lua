-- What the scripts that send messages share.
local thread_number = 0

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

-- for init: every request has an Idempotency-Key of its own
function begin()
  math.randomseed(os.time() * 1000 + number * 7919)
  run = string.format("%d-%d-%d", os.time(), number, math.random(0, 1000000000))
  count = 0
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("AVAL_API_KEY")
  wrk.headers["Content-Type"] = "application/json"
end

function post(path, body)
  count = count + 1
  wrk.headers["Idempotency-Key"] = run .. "-" .. count
  return wrk.format("POST", path, nil, body)
end

-- of requests those that were taken: what is refused is answered sooner
function done(summary, latency, requests)
  io.write(string.format("RESULT requests=%d seconds=%.3f errors=%d p50=%.2f p99=%.2f\n", summary.requests - summary.errors.status,
    summary.duration / 1e6, summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.timeout, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
