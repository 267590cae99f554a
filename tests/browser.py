"""A headless Chromium, driven by plain W3C WebDriver requests to its own driver."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARROWS = {"ArrowRight": "\ue014", "ArrowLeft": "\ue012", "Tab": "\ue004", "Enter": "\ue007", "Delete": "\ue017"}
ARROWS |= {"PageUp": "\ue00e", "PageDown": "\ue00f", "End": "\ue010", "Home": "\ue011", " ": "\ue00d"}
ARROWS |= {"ArrowUp": "\ue013", "ArrowDown": "\ue015", "Escape": "\ue00c"}


class Browser:
    """One session; the profile is a new empty folder."""

    def __init__(self, driver: str, binary: str) -> None:
        self.profile = tempfile.mkdtemp(prefix="cgraph-chromium-")
        self.process = subprocess.Popen(
            [driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        self.session = ""
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the driver is here
        try:
            self.base = f"http://127.0.0.1:{self._port()}"
            options = {"binary": binary, "args": [*ARGUMENTS, f"--user-data-dir={self.profile}"]}
            capabilities = {
                "browserName": "chrome",
                "goog:chromeOptions": options,
                "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
            }
            made = self.request("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
            self.session = f"/session/{made['sessionId']}"
        except BaseException:
            self.close()
            raise

    def _port(self) -> int:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "started successfully on port" in line:
                return int(line.rstrip(" .\n").rpartition(" ")[2])
        raise RuntimeError("chromedriver did not start")

    def request(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One WebDriver command. Raises RuntimeError with the driver's message."""
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = urllib.request.Request(
            f"{self.base}{path}", data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with self.opener.open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def close(self) -> None:
        """End the session, the driver and the browser, and remove the profile."""
        try:
            if self.session:
                self.request("DELETE", self.session)
        finally:
            self.process.terminate()
            self.process.wait(10)
            if self.process.stdout is not None:
                self.process.stdout.close()
            for _ in range(20):  # the browser may still be writing
                shutil.rmtree(self.profile, ignore_errors=True)
                if not Path(self.profile).exists():
                    break
                time.sleep(0.1)

    def open(self, path: Path, fragment: str = "") -> None:
        """Load a file."""
        self.request("POST", f"{self.session}/url", {"url": path.as_uri() + fragment})

    def wait(self, condition: str, *arguments: Any) -> None:
        """Wait until the body of a function in the page returns something true."""
        for _ in range(100):
            if self.run(condition, *arguments):
                return
            time.sleep(0.05)
        raise AssertionError(f"never true: {condition}")

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page."""
        return self.request("POST", f"{self.session}/execute/sync", {"script": script, "args": list(arguments)})

    def press(self, *keys: str) -> None:
        """Press keys one after the other, wherever the focus is; a name of ARROWS or a character."""
        actions = []
        for key in keys:
            value = ARROWS.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.request(
            "POST", f"{self.session}/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}
        )

    def type_into(self, selector: str, text: str) -> None:
        """Put the focus into a field, select what is there and type over it."""
        self.run("const field = document.querySelector(arguments[0]); field.focus(); field.select();", selector)
        self.press(*text)

    def click(self, selector: str) -> None:
        """Click on an element, which must be there to be clicked on."""
        found = self.request("POST", f"{self.session}/element", {"using": "css selector", "value": selector})
        (id,) = found.values()
        self.request("POST", f"{self.session}/element/{id}/click")

    def devtools(self, command: str, **parameters: Any) -> Any:
        """A command of the DevTools protocol: sizes, dark mode."""
        return self.request("POST", f"{self.session}/goog/cdp/execute", {"cmd": command, "params": parameters})

    def look(self, *, width: int, height: int, dark: bool = False, phone: bool = False) -> None:
        """The size of the window and the colours preferred."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )
        value = "dark" if dark else "light"
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])

    def screenshot(self, path: Path) -> None:
        """What the window shows, as PNG."""
        path.write_bytes(base64.b64decode(self.request("GET", f"{self.session}/screenshot")))

    def log(self, kind: str) -> list[dict[str, Any]]:
        """The entries since the last call: of the console (browser) or of the network (performance)."""
        return self.request("POST", f"{self.session}/se/log", {"type": kind})  # type: ignore[no-any-return]

    def requests(self) -> list[str]:
        """The addresses that the page asked for since the last call."""
        messages = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        return [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]

    def errors(self) -> list[str]:
        """What the console has complained about since the last call."""
        return [entry["message"] for entry in self.log("browser")]


def start() -> Browser:
    """A new browser; the test is skipped where there is none."""
    driver, binary = programs()
    if driver is None or binary is None:
        pytest.skip(missing())
    return Browser(driver, binary)


def programs() -> tuple[str | None, str | None]:
    """The driver and the browser of this machine."""
    return shutil.which("chromedriver"), next(filter(None, map(shutil.which, CHROMIUM)), None)


def missing() -> str:
    """What is missing for a session; nothing where nothing is."""
    names = [name for name, path in zip(("chromedriver", "chromium"), programs(), strict=True) if path is None]
    install = "Debian: apt-get install chromium chromium-driver"
    return f"no {' and no '.join(names)} on this machine ({install})" if names else ""


def package(name: str) -> Path:
    """The folder of an npm package where NODE_PATH says."""
    for folder in filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep)):
        if (Path(folder) / name / "package.json").exists():
            return Path(folder) / name
    pytest.skip(f"the npm package {name} is not installed where NODE_PATH says")
