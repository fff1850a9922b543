#!/bin/sh
# install-drgn.sh FOLDER
#
# Installs drgn from PyPI into a virtual environment of its own, unless it is there. Prints nothing if it can be used
# then, and else why not, in one line. Exit status: 0.
set -eu
folder=$1
python=$folder/bin/python
usable() { "$python" -c 'import drgn; drgn.Program.set_qemu_qmp' >/dev/null 2>&1; }
usable && exit 0
mkdir -p "$folder"
if ! python3 -m venv "$folder" >"$folder/log" 2>&1; then
  echo "python3 -m venv fails: $(tail -n 1 "$folder/log")"
elif ! "$python" -m pip install -q --disable-pip-version-check drgn==0.3.0 >"$folder/log" 2>&1; then
  echo "pip install drgn==0.3.0 fails: $(tail -n 1 "$folder/log")"
elif ! usable; then
  echo "the drgn that was installed has no set_qemu_qmp"
fi
