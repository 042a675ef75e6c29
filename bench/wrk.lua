-- For wrk: `-- FILE [PATH]`. FILE has a request a line (method, path, body and headers, with tabs; headers with \31
-- between them), drawn at random from a fixed seed. With PATH they are creations: each is drawn once, since the same again
-- would be refused, and each id that one answers is read there at once.
local requests, ids, read, drawn = {}, {}, nil, 0

local function headers_in(text)
  local headers = {}
  for name, value in string.gmatch(text, '([^:\31]+): ([^\31]*)') do headers[name] = value end
  return headers
end

function init(arguments)
  read = arguments[2]
  math.randomseed(42)
  for line in io.lines(arguments[1]) do
    local method, path, body, headers = string.match(line, '^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)$')
    requests[#requests + 1] = wrk.format(method, path, headers_in(headers), body ~= '' and body or nil)
  end
  if not read then response = nil end
end

function request()
  local id = table.remove(ids)
  if id then return wrk.format('GET', (string.gsub(read, '{id}', id))) end
  if not read then return requests[math.random(#requests)] end
  drawn = drawn % #requests + 1
  local place = math.random(drawn, #requests)
  requests[drawn], requests[place] = requests[place], requests[drawn]
  return requests[drawn]
end

function response(status, headers, body)
  if status == 201 then ids[#ids + 1] = string.match(body, '"id" ?: ?"([^"]+)"') end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\nRESULT {"requests":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status + errors.timeout + errors.connect + errors.read + errors.write))
end
