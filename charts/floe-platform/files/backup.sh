# Dumps each database into a file of its own, whole or not at all, and keeps the newest ones.
cd /backup
now=$(date -u +%Y%m%dT%H%M%SZ)
for database in $DATABASES; do
  file="$RELEASE-$database-$now.dump"
  pg_dump --format=custom --no-owner --dbname="$database" --file="$file.part" || { rm -f -- "$file.part"; exit 1; }
  mv "$file.part" "$file"
  echo "$database: $(wc -c <"$file") bytes in $file"
  ls -1 "$RELEASE-$database-"*.dump | sort -r | tail -n +$(( KEEP + 1 )) | while read -r old; do
    rm -- "$old"
    echo "$database: removed $old"
  done
done
