"""Authlib behind the line protocol: what its OAuth 2.0 client makes of a token response in JSON."""

import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "shared"))
from authlib.oauth2 import OAuth2Client, OAuth2Error  # noqa: E402
from driver import Unsupported, serve  # noqa: E402


class Response:
    """An HTTP response with this body, as the HTTP client of the user's choice gives it."""

    def __init__(self, status_code, body):
        self.status_code = status_code
        self.body = body

    def json(self):
        return self.body

    def raise_for_status(self):
        raise RuntimeError(f"status {self.status_code}")


def decode(request):
    message = request["message"]
    if message not in ("token-response", "error-response"):
        raise Unsupported(message)
    client = OAuth2Client(session=None, token_endpoint_auth_method="none")
    try:
        token = client.parse_response_token(Response(200 if message == "token-response" else 400, request["json"]))
    except OAuth2Error as error:
        if message == "token-response":
            raise
        told = {"error": error.error, "error_description": error.description, "error_uri": error.uri}
        return {"value": {name: value for name, value in told.items() if value}, "violations": None, "unknown": None}
    if message == "error-response":
        raise ValueError("taken for a token")
    return {"value": {name: value for name, value in token.items() if name != "expires_at"}, "violations": None, "unknown": None}


serve("Authlib", version("authlib"), {"decode": decode}, inputs=["json"])
