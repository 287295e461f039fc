# Reads lines `NUMBER SOURCE ADDRESS PORT PATH`, asks each target at once, and prints the numbers of those that answer.
# Without a path (`-`) a TCP connection is enough; with one the answer must be no error.
while read -r number source address port path; do
  (
    if [ "$path" = - ]; then
      socat -u OPEN:/dev/null "TCP:$address:$port,bind=$source,connect-timeout=2"
    else
      curl -sf -o /dev/null -m 2 --interface "$source" "http://$address:$port$path"
    fi 2> /dev/null && echo "$number"
  ) &
done
wait
