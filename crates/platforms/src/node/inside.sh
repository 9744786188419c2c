# The first process of the room: when it ends, the kernel ends all others and takes mounts and network down.
# inside FOLDER NAME
set -eu
folder=$1
exec 3<&0

# /proc is still that of the outside, and tells the number by which the outside knows this shell.
read -r number _ < /proc/self/stat
mount -t proc proc /proc

# What the node writes goes to the folder.
for place in run var/lib var/log; do
    mkdir -p "$folder/$place"
    mount --bind "$folder/$place" "/$place"
done

# The kubelet sets these for the whole machine; here it finds them set.
for setting in vm/overcommit_memory:1 vm/panic_on_oom:0 kernel/panic:10 kernel/panic_on_oops:1 kernel/keys/root_maxkeys:1000000 \
    kernel/keys/root_maxbytes:25000000; do
    file=${setting%:*}
    [ -e "/proc/sys/$file" ] || continue
    copy="$folder/$(echo "$file" | tr / -)"
    echo "${setting#*:}" > "$copy"
    mount --bind "$copy" "/proc/sys/$file"
done

hostname node
ip link set lo up
ip link add node0 type bridge
ip address add 10.240.0.1/24 dev node0
ip link set node0 up
ip route add default dev node0
echo 1 > /proc/sys/net/ipv4/ip_forward

echo "$number" > "$folder/new"
mv "$folder/new" "$folder/number"
# Waiting reaps what others leave behind.
cat <&3 > /dev/null &
wait $!
