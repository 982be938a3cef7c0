"""Authlib behind the line protocol: what its client makes of a response in JSON, the requests of its client, and the errors of its server."""

import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "shared"))
from authlib.oauth2 import OAuth2Client, OAuth2Error  # noqa: E402
from authlib.oauth2.rfc6749.parameters import prepare_token_request  # noqa: E402
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
        return {"value": {name: value for name, value in told.items() if value not in (None, "")}, "violations": None, "unknown": None}
    if message == "error-response":
        raise ValueError("taken for a token")
    return {"value": {name: value for name, value in token.items() if name != "expires_at"}, "violations": None, "unknown": None}


def write(request):
    """A token request as a form, or an error response in JSON: not of the line protocol, which writes CBOR."""
    message, value = request["message"], request["value"]
    if message == "token-request":
        return {"form": prepare_token_request(value.pop("grant_type"), **value)}
    if message != "error-response":
        raise Unsupported(message)
    error = OAuth2Error(error=value["error"], description=value.get("error_description"), uri=value.get("error_uri"))
    _, body, _ = error(uri=value.get("error_uri"))
    return {"json": body}


serve("Authlib", version("authlib"), {"decode": decode, "write": write}, inputs=["json"])
