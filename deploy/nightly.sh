#!/bin/sh
# What one night needs: a backup, then what is due to be erased, then the record is checked.
#
#   deploy/nightly.sh FOLDER      FOLDER keeps the backups of the last 30 nights
#
# From the folder that manage.py is in, with Plainleaf's Python first on the PATH. Each step is tried whatever became of
# the one before; it ends with exit code 1 when one of them failed.
set -u
folder=${1:?Name the folder for backups: deploy/nightly.sh /var/backups/plainleaf}
failed=0
umask 077
if python manage.py backup "$folder" -v 0; then
    # Only after one that succeeded: old ones are better than none.
    find "$folder" -maxdepth 1 -name 'plainleaf-*.zip' -mtime +30 -delete || failed=1
else
    failed=1
fi
python manage.py purge_requests || failed=1
python manage.py verify_editions || failed=1
exit $failed
