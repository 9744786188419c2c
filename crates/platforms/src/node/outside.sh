# A room for a node: namespaces of its own, so that nothing of it reaches this machine. It lasts until standard input ends.
# outside.sh FOLDER NAME INSIDE
folder=$1 name=$2 inside=$3
# Ctrl-C reaches everybody; who tidies up goes by standard input alone.
trap '' HUP INT TERM
exec 3<&0

# Control groups have no namespace that goes away with all in it. With version 1 each controller has a tree.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then trees=/sys/fs/cgroup; else trees=/sys/fs/cgroup/*; fi
for tree in $trees; do
    [ ! -e "$tree/cgroup.procs" ] || mkdir "$tree/$name"
done

unshare --mount --net --pid --uts --ipc --fork --kill-child /bin/sh -c "$inside" inside "$folder" "$name" <&3

for tree in $trees; do
    [ ! -d "$tree/$name" ] || find "$tree/$name" -depth -type d -exec rmdir {} +
done
rm -rf --one-file-system "$folder"
