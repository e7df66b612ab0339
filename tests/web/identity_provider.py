"""A small identity provider on loopback: discovery, authorization code with PKCE, keys, userinfo.

It is a real server that signs real tokens; `lies` makes it misbehave in one way at a time.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT_ID, CLIENT_SECRET = "kraftsamling", "hemligt-mellan-oss"


class IdentityProvider:
    """The provider's state: who signs in there, what it claims about them, which lies it tells."""

    def __init__(self) -> None:
        self.key = jwk.RSAKey.generate_key(2048, {"kid": "en", "use": "sig", "alg": "RS256"})
        self.other_key = jwk.RSAKey.generate_key(2048, {"kid": "en", "use": "sig", "alg": "RS256"})
        self.claims = {
            "sub": "1234", "email": "anna@trygg.example", "email_verified": True, "name": "Anna",
        }  # fmt: skip
        self.userinfo: dict = {}
        self.lies: dict = {}
        self.codes: dict[str, dict] = {}
        self.seen: list[dict] = []
        self.issuer = ""

    def discovery(self) -> dict:
        return {
            "issuer": self.lies.get("stated_issuer", self.issuer),
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict) -> str:
        """Signs the visitor in without a word, and sends them back with a code."""
        self.seen.append(asked)
        if self.lies.get("error"):
            answer = {"error": self.lies["error"], "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(8)
            self.codes[code] = asked
            answer = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: dict) -> tuple[int, dict]:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != CLIENT_SECRET:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant", "error_description": "PKCE"}
        answer = {"access_token": "a", "token_type": "Bearer", "expires_in": 60}
        if not self.lies.get("no_id_token"):
            answer["id_token"] = self.id_token()
        return 200, answer

    def id_token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300} | self.claims
        claims |= self.lies.get("claims", {})
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.lies.get("unsigned"):
            parts = ({"alg": "none", "kid": "en"}, claims)
            encoded = (
                base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode()
                for each in parts
            )
            return ".".join((*encoded, ""))
        if self.lies.get("signed_with_the_secret"):
            shared = jwk.OctKey.import_key(CLIENT_SECRET.encode())
            return jwt.encode({"alg": "HS256", "kid": "en"}, claims, shared, algorithms=["HS256"])
        key = self.other_key if self.lies.get("another_key") else self.key
        return jwt.encode({"alg": "RS256", "kid": "en"}, claims, key)


def _handler(provider: IdentityProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args: object) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/.well-known/openid-configuration":
                self.answer(200, provider.discovery())
            elif parts.path == "/keys":
                self.answer(200, {"keys": [provider.key.as_dict(private=False)]})
            elif parts.path == "/userinfo":
                self.answer(200, provider.userinfo)
            elif parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = parse_qs(self.rfile.read(length).decode())
            self.answer(*provider.token({name: values[0] for name, values in form.items()}))

        def answer(self, status: int, body: dict) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
