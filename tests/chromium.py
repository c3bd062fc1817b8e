"""The system's own browser, if it has one."""

import shutil

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
