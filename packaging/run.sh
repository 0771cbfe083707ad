#!/bin/sh
# Open the window on the samples; where there is no display, do the same inspection without.
set -eu
bin=$1
out=$2

if [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" != Linux ]; then
    exec "$bin/inspector"
fi
echo "There is no display here: inspecting the samples without a window."
exec "$bin/inspector" demo --out "$out"
