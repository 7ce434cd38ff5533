#!/usr/bin/env bash
# Refuse the sample secrets of docker-compose.yml outside of development: everybody can read them there.
set -euo pipefail

[[ $ENVIRONMENT != development ]] || exit 0
samples=()
for name in $(compgen -e | grep '_PASSWORD$'); do
    [[ ${!name} != packwalk-development ]] || samples+=("$name")
done
((${#samples[@]} == 0)) || {
    echo "ENVIRONMENT is $ENVIRONMENT, so these need values of your own: ${samples[*]}" >&2
    exit 1
}
