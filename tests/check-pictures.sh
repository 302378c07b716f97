#!/bin/sh
# The pictures in the README exist, and the script that draws them works.
set -u
: "${PKTTOP:?names the program}"
srcdir=${srcdir:-.}
failed=0

pictures=$(sed -n 's/.*(\(man\/pictures\/[a-z]*\.svg\)).*/\1/p' "$srcdir/README.md")
[ -n "$pictures" ] || { echo "README.md shows no picture"; failed=1; }
for picture in $pictures; do
	[ -s "$srcdir/$picture" ] || { echo "README.md shows $picture, which is not there"; failed=1; }
done
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/pkttop-pictures.XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
sh "$srcdir/tests/screens/pictures.sh" "$folder" 2 || failed=1
for picture in "$srcdir"/man/pictures/*.svg; do
	[ -s "$folder/${picture##*/}" ] || { echo "nothing draws $picture"; failed=1; }
done
# Well-formed, and with the text and the colours of the screen.
python3 -B - "$folder" <<'END' || failed=1
import pathlib, sys
import xml.etree.ElementTree as tree

for picture in sorted(pathlib.Path(sys.argv[1]).glob("*.svg")):
    root = tree.parse(picture).getroot()
    words = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    papers = {rect.get("fill") for rect in root.iter("{http://www.w3.org/2000/svg}rect")}
    if not any("pkttop" in word for word in words) or len(words) < 30 or len(papers) < 3:
        sys.exit(f"{picture.name}: {len(words)} words, {len(papers)} colours")
END
exit $failed
