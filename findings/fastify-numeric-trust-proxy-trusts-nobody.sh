#!/usr/bin/env bash
# Fastify 5.12.8: `trustProxy: 1` (any number of hops) trusts no proxy at all.
#
# Behind one reverse proxy one would write `trustProxy: 1`, the form that Express and older Fastify count hops by. This
# version answers every number with "nobody": request.ip is the proxy, request.protocol is http. No warning is printed.
# What follows: all examinees of a campus share one address, so that limits per address stop the whole room, and a cookie
# that is `Secure` only over https is set without it. An address, a list, `true` or a function do trust.
#
# Seen on 2026-11-30:
#   number 1: {"ip":"127.0.0.1","protocol":"http"}
#   number 2: {"ip":"127.0.0.1","protocol":"http"}
#   address: {"ip":"203.0.113.9","protocol":"https"}
#   function: {"ip":"203.0.113.9","protocol":"https"}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' > package.json
npm install --silent --no-audit --no-fund fastify@5.12.8
cat > run.js <<'JS'
import fastify from 'fastify';

const ways = { 'number 1': 1, 'number 2': 2, address: '127.0.0.1', function: (_address, hop) => hop < 1 };
for (const [name, trustProxy] of Object.entries(ways)) {
  const app = fastify({ trustProxy });
  app.get('/', ({ ip, protocol }) => ({ ip, protocol }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  const answer = await fetch(`http://127.0.0.1:${app.server.address().port}/`, {
    headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' },
  });
  console.log(`${name}: ${await answer.text()}`);
  await app.close();
}
JS
seen=$(node run.js)
echo "$seen"
expected='number 1: {"ip":"127.0.0.1","protocol":"http"}
number 2: {"ip":"127.0.0.1","protocol":"http"}
address: {"ip":"203.0.113.9","protocol":"https"}
function: {"ip":"203.0.113.9","protocol":"https"}'
[ "$seen" = "$expected" ] || { echo 'changed: see the lines above'; exit 1; }
