"""python-cwt behind the line protocol: COSE_Sign1, COSE_Mac0, COSE_Encrypt0, and COSE_Key."""

import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "shared"))
import cbor2  # noqa: E402
import cwt  # noqa: E402
from cwt import COSE, COSEKey  # noqa: E402
from driver import Unsupported, from_b64, opaque_from_text, opaque_to_text, serve, to_b64  # noqa: E402

KTY = {1: "OKP", 2: "EC", 4: "oct"}
CURVES = {1: "P-256", 2: "P-384", 3: "P-521", 4: "X25519", 6: "Ed25519"}
ALGORITHMS = {
    "ES256": -7, "EdDSA": -8, "ES384": -35, "HMAC 256/64": 4, "HMAC 256/256": 5, "HMAC 384/384": 6,
    "AES-CCM-16-64-128": 10, "AES-CCM-16-64-256": 11, "AES-CCM-16-128-128": 30, "AES-CCM-16-128-256": 31,
    "A128GCM": 1, "A192GCM": 2, "A256GCM": 3, "ChaCha20/Poly1305": 24,
}  # fmt: skip
NAMES = {number: name for name, number in ALGORITHMS.items()}
JOSE = {"HS256": "HMAC 256/256", "HS384": "HMAC 384/384"}
STRUCTURES = {16: "encrypt0", 17: "mac0", 18: "sign1"}


def params_of(jwk, alg):
    params = {1: {name: kty for kty, name in KTY.items()}[jwk["kty"]]}
    alg = jwk.get("alg", alg)
    if JOSE.get(alg, alg) in ALGORITHMS:
        params[3] = ALGORITHMS[JOSE.get(alg, alg)]
    if "kid" in jwk:
        params[2] = opaque_from_text(jwk["kid"])
    if jwk["kty"] == "oct":
        return {**params, -1: from_b64(jwk["k"])}
    params[-1] = next((number for number, name in CURVES.items() if name == jwk["crv"]), None)
    if params[-1] is None:
        raise Unsupported(jwk["crv"])
    return {**params, **{label: from_b64(jwk[name]) for name, label in (("x", -2), ("y", -3), ("d", -4)) if name in jwk}}


def decode(request):
    if request["message"] != "cose-key":
        raise Unsupported(request["message"])
    key = COSEKey.from_bytes(bytes.fromhex(request["hex"])).to_dict()
    jwk = {"kty": KTY[key[1]]}
    if 2 in key:
        jwk["kid"] = opaque_to_text(key[2])
    if 3 in cbor2.loads(bytes.fromhex(request["hex"])):
        jose = {name: told for told, name in JOSE.items()}
        jwk["alg"] = jose.get(NAMES[key[3]], NAMES[key[3]])
    if key[1] == 4:
        return {"value": {**jwk, "k": to_b64(key[-1])}}
    jwk["crv"] = CURVES[key[-1]]
    return {"value": {**jwk, **{name: to_b64(key[label]) for name, label in (("x", -2), ("y", -3), ("d", -4)) if label in key}}}


def encode(request):
    if request["message"] != "cose-key":
        raise Unsupported(request["message"])
    return {"hex": cbor2.dumps(COSEKey.new(params_of(request["value"], None)).to_dict()).hex()}


def cose_open(request):
    message = bytes.fromhex(request["hex"])
    # The library returns the payload alone: the tag and the algorithm are read beside it.
    outer = cbor2.loads(message)
    if not isinstance(outer, cbor2.CBORTag) or outer.tag not in STRUCTURES:
        raise Unsupported("other structures than Sign1, Mac0 and Encrypt0")
    header = cbor2.loads(outer.value[0]) if outer.value[0] else {}
    alg = header.get(1, outer.value[1].get(1))
    alg = NAMES.get(alg, alg)
    keys = [COSEKey.new(params_of(jwk, alg)) for jwk in request["keys"]]
    payload = COSE.new().decode(message, keys, external_aad=bytes.fromhex(request.get("externalAad", "")))
    return {"structure": STRUCTURES[outer.tag], "alg": alg, "payload": payload.hex()}


def cose_protect(request):
    if request["alg"] not in ALGORITHMS:
        raise Unsupported(request["alg"])
    key = COSEKey.new(params_of(request["key"], request["alg"]))
    cose = COSE.new(alg_auto_inclusion=True, kid_auto_inclusion=key.kid is not None)
    aad = bytes.fromhex(request.get("externalAad", ""))
    return {"hex": cose.encode(bytes.fromhex(request["payload"]), key, external_aad=aad).hex()}


operations = {"decode": decode, "encode": encode, "cose-open": cose_open, "cose-protect": cose_protect}
serve("python-cwt", cwt.__version__ if hasattr(cwt, "__version__") else version("cwt"), operations)
