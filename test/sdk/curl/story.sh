#!/bin/sh
set -eu
url=${OPENRMAT_URL:-http://localhost:3000}
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT

# Prints the answer, and its status on a line of its own.
ask() {
  curl -sS -w '\n%{http_code}\n' -D "$headers" -H "Authorization: Bearer $OPENRMAT_KEY" "$@"
}

# A name is found as it is remembered.
ask "$url/v1/search?q=tisagenlecluecel&limit=1"

# Read the record.
ask "$url/v1/therapies/tisagenlecleucel?fields=name,modality,cellOrigin,targets.name"

# A list comes a page at a time: its header Link leads to the next.
page='/v1/designations?program=fda:rmat&sort=-announcedOn&limit=5&fields=slug'
for number in 1 2 3; do
  ask "$url$page"
  page=$(sed -n 's/^link: <\([^>]*\)>; rel="next".*/\1/p' "$headers")
done

# Create a therapy, and its designation with what happened to it.
ask "$url/v1/therapies" --json '{
  "name": "Ixmyelocel-T",
  "modality": "other-cell-therapy",
  "cellOrigin": "autologous",
  "cellSource": "bone-marrow"
}'
etag=$(sed -n 's/^etag: \([^[:space:]]*\).*/\1/p' "$headers")
ask "$url/v1/designations" --json '{
  "therapy": "ixmyelocel-t",
  "program": "fda:rmat",
  "indication": "ischemic-heart-failure",
  "events": [
    { "status": "requested" },
    {
      "status": "granted",
      "announcedOn": "2017-05-10",
      "note": "The day is that of the press release."
    }
  ]
}'

# Change the version that was read, and no other: its ETag goes along.
patch='{ "summary": "Cells of the bone marrow of the patient, expanded." }'
ask "$url/v1/therapies/ixmyelocel-t" -X PATCH -H "If-Match: $etag" --json "$patch"

# The same again: the ETag is stale now.
ask "$url/v1/therapies/ixmyelocel-t" -X PATCH -H "If-Match: $etag" --json "$patch"

# A problem document says what would be right.
ask "$url/v1/designations?status=grantd"

# Delete the therapy, and what refers to it.
ask "$url/v1/therapies/ixmyelocel-t?cascade=true" -X DELETE
