# Reads an HTTP request to its empty line, and answers with what the file holds at that moment.
while read -r line && [ "${#line}" -gt 1 ]; do :; done
cat "$1"
