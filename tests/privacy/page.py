"""A small page with a guarded form, served under the product's kind of content security policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from kraftsamling.privacy.build import STATIC

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'"
)
TYPES = {".mjs": "text/javascript", ".css": "text/css", ".json": "application/json"}

LINE = """<p><label for="title">Rubrik</label>
<input class="ds-input" type="text" id="title" name="title" data-privacy-guard></p>"""

PAGE = """<!doctype html>
<html lang="sv" dir="{direction}"><head><meta charset="utf-8"><title>Rapport</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/css/theme.css">
<link rel="stylesheet" href="/vendor/designsystemet-css-1.22.0/designsystemet.css">
<link rel="stylesheet" href="/css/base.css">
<link rel="stylesheet" href="/css/forms.css">
<link rel="stylesheet" href="/privacy/guard.css">
<script type="module" src="/privacy/guard.mjs"></script></head>
<body><main><h1>Rapport</h1>
<form method="post" action="/sent"><p><label for="text">Vad såg du?</label></p>
<textarea class="ds-input" id="text" name="text" rows="6" cols="40" data-privacy-guard
 data-privacy-context="known">{text}</textarea>
<script type="application/json" id="known">
{{"names": ["Viktoria"], "allowed": ["011-15 00 00"]}}</script>
{line}
<p><button>Skicka</button></p></form></main></body></html>"""


@contextmanager
def served(text: str = "", direction: str = "ltr", line: str = "") -> Iterator[str]:
    """Serve the page and the detector's files; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file = STATIC.parent / self.path.removeprefix("/")
            if self.path == "/":
                self._answer(
                    PAGE.format(text=text, direction=direction, line=line).encode(), "text/html"
                )
            elif file.is_file():
                self._answer(file.read_bytes(), TYPES.get(file.suffix, "text/plain"))
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(b"<title>Skickat</title>" + body, "text/html")

        def _answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # Asked to stop, it notices when it next looks: half a second for each test, were it not told.
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
