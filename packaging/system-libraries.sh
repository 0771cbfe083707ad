#!/bin/sh
# Find the system libraries Qt needs on Linux; install what is missing, or print how.
set -eu

[ "$(uname -s)" = Linux ] || exit 0

known=$( (ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null) || true)
missing=""
need() {
    case "$known" in
        *"$1"*) ;;
        *) missing="$missing $2" ;;
    esac
}
need libEGL.so.1 libegl1
need libGL.so.1 libgl1
need libxkbcommon.so.0 libxkbcommon0
need libxkbcommon-x11.so.0 libxkbcommon-x11-0
need libfontconfig.so.1 libfontconfig1
need libdbus-1.so.3 libdbus-1-3
need libxcb-cursor.so.0 libxcb-cursor0
need libxcb-icccm.so.4 libxcb-icccm4
need libxcb-image.so.0 libxcb-image0
need libxcb-keysyms.so.1 libxcb-keysyms1
need libxcb-randr.so.0 libxcb-randr0
need libxcb-render-util.so.0 libxcb-render-util0
need libxcb-shape.so.0 libxcb-shape0
need libxcb-xkb.so.1 libxcb-xkb1
need libgomp.so.1 libgomp1
# Letters on the screen: any scalable font will do.
[ -n "$(find /usr/share/fonts /usr/local/share/fonts -name '*.[ot]tf' -o -name '*.ttc' 2>/dev/null | head -n 1)" ] || missing="$missing fonts-dejavu-core"

[ -n "$missing" ] || exit 0

line="apt-get install -y$missing"
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "Installing what Qt needs:$missing"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
elif command -v apt-get >/dev/null && command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    echo "Installing what Qt needs:$missing"
    sudo apt-get update -qq
    sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Qt needs system libraries that are missing here. Run this once, then try again:"
    echo "    sudo $line"
    exit 1
fi
