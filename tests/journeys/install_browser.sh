#!/bin/sh
# Debian's Chromium, for the journeys in a real browser. Says in a sentence what stands in the way.
set -eu
for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then
        echo "The journeys will use $(command -v "$name")."
        exit 0
    fi
done
if ! command -v apt-get >/dev/null 2>&1; then
    echo "No Chromium here and no apt-get: install Chromium in your system's way." >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "Installing Chromium needs root: run 'sudo make browser', or ask somebody who may." >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# Without its windows it is a third quicker; older releases have it with them only.
apt-get install -q -y --no-install-recommends chromium-headless-shell fonts-dejavu-core ||
    exec apt-get install -q -y --no-install-recommends chromium fonts-dejavu-core
