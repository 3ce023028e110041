#!/bin/sh
# What cron does on a machine of its own, for a container: mail that waits every five minutes, the night's work after
# three, the digest after seven on working days. Clocks go by TZ.
set -u
cd "$(dirname "$0")/.." || exit 1
trap 'exit 0' TERM INT
folder=${1:-/var/backups/plainleaf}
night='' morning=''
while :; do
    python manage.py send_pending || echo "send_pending: some mail still waits" >&2
    today=$(date +%F) hour=$(date +%H)
    if [ "$hour" = 03 ] && [ "$night" != "$today" ]; then
        night=$today
        sh deploy/nightly.sh "$folder" || echo "nightly.sh: a step failed; its lines are above" >&2
    fi
    if [ "$hour" = 07 ] && [ "$morning" != "$today" ] && [ "$(date +%u)" -lt 6 ]; then
        morning=$today
        python manage.py send_digest || echo "send_digest: somebody's mail could not be made" >&2
    fi
    # In the background, or a signal to stop would wait for its end.
    sleep 300 &
    wait $!
done
