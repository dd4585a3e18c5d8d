-- One message per request into Kannel's sendsms, with a receipt wanted and called back to the sink.
local sink = os.getenv("SINK_URL")
local password = os.getenv("KANNEL_PASSWORD")
local thread_number = 0

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function init(arguments)
  math.randomseed(os.time() + number * 7919)
  callback = sink:gsub("[:/]", function(c) return string.format("%%%02X", c:byte()) end)
end

function request()
  local to = string.format("%%2B336%08d", math.random(0, 99999999))
  return wrk.format("GET", "/cgi-bin/sendsms?username=load&password=" .. password .. "&from=AVAL&to=" .. to
    .. "&text=Your+parcel+arrives+today+between+two+and+four&dlr-mask=3&dlr-url=" .. callback)
end
