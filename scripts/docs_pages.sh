#!/usr/bin/env bash
# Copy the pages of this repository, and what they show or link to, into FOLDER in the places they have here.
# Usage: scripts/docs_pages.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1

rm -rf "$folder"
mkdir -p "$folder"
# Files that git knows or would add, so that a page is there before it is committed.
git ls-files --cached --others --exclude-standard -- '*.md' 'docs/*' 'results/*.png' 'results/*.csv' 'results/*.pdf' 'results/*.tex' 'results/*.txt' 'para_bench/*.md' |
    while IFS= read -r file; do
        if [ -e "$file" ]; then echo "$file"; fi
    done | xargs -d '\n' cp --parents -t "$folder"
