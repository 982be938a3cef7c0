"""pycose behind the line protocol: COSE_Sign1, COSE_Mac0, COSE_Encrypt0 and COSE_Key."""

import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "shared"))
from driver import Unsupported, from_b64, opaque_from_text, opaque_to_text, serve, to_b64  # noqa: E402
from pycose import algorithms  # noqa: E402
from pycose.headers import IV, KID, Algorithm  # noqa: E402
from pycose.keys import CoseKey, EC2Key, OKPKey, SymmetricKey  # noqa: E402
from pycose.keys.keyparam import KpKid  # noqa: E402
from pycose.messages import CoseMessage, Enc0Message, Mac0Message, Sign1Message  # noqa: E402

CURVES = {"P_256": "P-256", "P_384": "P-384", "P_521": "P-521", "ED25519": "Ed25519", "X25519": "X25519"}
ALGORITHMS = {
    "ES256": algorithms.Es256, "ES384": algorithms.Es384, "EdDSA": algorithms.EdDSA,
    "HMAC 256/64": algorithms.HMAC25664, "HMAC 256/256": algorithms.HMAC256, "HMAC 384/384": algorithms.HMAC384,
    "AES-CCM-16-64-128": algorithms.AESCCM1664128, "AES-CCM-16-64-256": algorithms.AESCCM1664256,
    "AES-CCM-16-128-128": algorithms.AESCCM16128128, "AES-CCM-16-128-256": algorithms.AESCCM16128256,
    "A128GCM": algorithms.A128GCM, "A192GCM": algorithms.A192GCM, "A256GCM": algorithms.A256GCM,
}  # fmt: skip
NAMES = {algorithm: name for name, algorithm in ALGORITHMS.items()}
STRUCTURES = {Sign1Message: "sign1", Mac0Message: "mac0", Enc0Message: "encrypt0"}


def key_from_jwk(jwk):
    named = {"KID": opaque_from_text(jwk["kid"])} if "kid" in jwk else {}
    if jwk["kty"] == "oct":
        key = SymmetricKey(k=from_b64(jwk["k"]), optional_params=named)
    else:
        crv = next((name for name, curve in CURVES.items() if curve == jwk["crv"]), None)
        if crv is None:
            raise Unsupported(jwk["crv"])
        part = {name: from_b64(jwk[name]) for name in ("x", "y", "d") if name in jwk}
        make = EC2Key if jwk["kty"] == "EC" else OKPKey
        key = make(crv=crv, optional_params=named, **part)
    if "alg" in jwk:
        key.alg = ALGORITHMS[{"HS256": "HMAC 256/256", "HS384": "HMAC 384/384"}.get(jwk["alg"], jwk["alg"])]
    return key


def key_to_jwk(key):
    jwk = {"kty": {EC2Key: "EC", OKPKey: "OKP", SymmetricKey: "oct"}[type(key)]}
    if key.kid:
        jwk["kid"] = opaque_to_text(key.kid)
    if key.alg is not None:
        jwk["alg"] = {"HMAC 256/256": "HS256", "HMAC 384/384": "HS384"}.get(NAMES[key.alg], NAMES[key.alg])
    if jwk["kty"] == "oct":
        return {**jwk, "k": to_b64(key.k)}
    jwk["crv"] = CURVES[key.crv.fullname]
    return {**jwk, **{name: to_b64(getattr(key, name)) for name in ("x", "y", "d") if getattr(key, name, b"")}}


def decode(request):
    if request["message"] != "cose-key":
        raise Unsupported(request["message"])
    return {"value": key_to_jwk(CoseKey.decode(bytes.fromhex(request["hex"])))}


def encode(request):
    if request["message"] != "cose-key":
        raise Unsupported(request["message"])
    return {"hex": key_from_jwk(request["value"]).encode().hex()}


def cose_open(request):
    if request["hex"].startswith("d83d"):
        raise Unsupported("the tag of CWT")
    message = CoseMessage.decode(bytes.fromhex(request["hex"]))
    if type(message) not in STRUCTURES:
        raise Unsupported(type(message).__name__)
    message.external_aad = bytes.fromhex(request.get("externalAad", ""))
    error = ValueError("no key verifies it")
    for jwk in request["keys"]:
        message.key = key_from_jwk(jwk)
        try:
            if isinstance(message, Enc0Message):
                payload = message.decrypt()
            elif message.verify_tag() if isinstance(message, Mac0Message) else message.verify_signature():
                payload = message.payload
            else:
                continue
        except Exception as refusal:
            error = refusal
            continue
        alg = message.get_attr(Algorithm)
        return {"structure": STRUCTURES[type(message)], "alg": NAMES.get(alg, alg.fullname), "payload": payload.hex()}
    raise error


def cose_protect(request):
    if request["alg"] not in ALGORITHMS:
        raise Unsupported(request["alg"])
    key = key_from_jwk(request["key"])
    algorithm = ALGORITHMS[request["alg"]]
    unprotected = {KID: key.store[KpKid]} if KpKid in key.store else {}
    structure = Sign1Message if request["alg"].startswith("E") else Mac0Message if "HMAC" in request["alg"] else Enc0Message
    if structure is Enc0Message:
        unprotected[IV] = os.urandom(13 if "CCM" in request["alg"] else 12)
    message = structure(phdr={Algorithm: algorithm}, uhdr=unprotected, payload=bytes.fromhex(request["payload"]))
    message.external_aad = bytes.fromhex(request.get("externalAad", ""))
    message.key = key
    return {"hex": message.encode().hex()}


def bench(request):
    """How long reading and verifying a message takes, in nanoseconds, without the line protocol."""
    data, key = bytes.fromhex(request["hex"]), key_from_jwk(request["keys"][0])
    start = time.perf_counter_ns()
    for _ in range(request["times"]):
        message = CoseMessage.decode(data)
        message.key = key
        if not (message.verify_tag() if isinstance(message, Mac0Message) else message.verify_signature()):
            raise ValueError("not verified")
    return {"nanoseconds": (time.perf_counter_ns() - start) / request["times"]}


operations = {"bench": bench, "decode": decode, "encode": encode, "cose-open": cose_open, "cose-protect": cose_protect}
serve("pycose", version("pycose"), operations)
