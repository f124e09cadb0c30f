# Every six hours this node is compared with what /etc/ascad/ascad.toml names; see ascad(1).
#
# Nothing is printed, and so nothing mailed, while all is well. Two runs never overlap (-E 3: the second is UNKNOWN),
# and what else runs on the node goes first. Whoever prefers the systemd timer comments the last line out:
# systemctl enable --now ascad.timer
SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# A random wait of up to so many seconds, for not all nodes should ask GitLab at the same second.
SPLAY=300
17 */6 * * * root command -v ascad >/dev/null && flock -n -E 3 /etc/ascad nice -n 19 ionice -t -c 3 ascad check --quiet --settings /etc/ascad/ascad.toml --splay "${SPLAY:-0}"
