// dcaf behind the line protocol: error responses, access token requests and responses, creation hints, AIF, and signed
// access tokens. dcaf has no cryptography: it gives the bytes to sign to a cipher of its user, which here is p256 or
// ed25519-dalek.

#[path = "../../shared/driver.rs"]
mod driver;

use ciborium::value::Value;
use coset::cwt::{ClaimsSet, Timestamp};
use coset::iana::{Algorithm, EnumI64};
use coset::{CborSerializable, CoseKey, CoseSign1, Header, HeaderBuilder, Label, ProtectedHeader, RegisteredLabelWithPrivate};
use dcaf::common::cbor_values::ProofOfPossessionKey;
use dcaf::common::scope::{Scope, TextEncodedScope};
use dcaf::endpoints::token_req::{AceProfile, ErrorCode, GrantType, TokenType};
use dcaf::error::CoseCipherError;
use dcaf::token::CoseCipher;
use dcaf::{
    sign_access_token, verify_access_token, AccessTokenRequest, AccessTokenResponse, AuthServerRequestCreationHint,
    CoseSignCipher, ErrorResponse, ToCborMap,
};
use driver::{
    from_base64, key_from_jwk, key_to_jwk, opaque_from_text, opaque_to_text, refused, serve, to_base64, unhex, Answer, Refusal,
};
use p256::ecdsa::signature::{Signer, Verifier};
use serde_json::{json, Map, Value as Json};

const ERRORS: [(&str, i32); 8] = [
    ("invalid_request", 1), ("invalid_client", 2), ("invalid_grant", 3), ("unauthorized_client", 4),
    ("unsupported_grant_type", 5), ("invalid_scope", 6), ("unsupported_pop_key", 7), ("incompatible_ace_profiles", 8),
];
const GRANTS: [(&str, i32); 4] =
    [("password", 0), ("authorization_code", 1), ("client_credentials", 2), ("refresh_token", 3)];
const TOKENS: [(&str, i32); 2] = [("Bearer", 1), ("PoP", 2)];
const PROFILES: [(&str, i32); 2] = [("coap_dtls", 1), ("coap_oscore", 2)];

fn code(names: &[(&str, i32)], number: i32) -> Json {
    names.iter().find(|each| each.1 == number).map_or(json!(number), |each| json!(each.0))
}

/// The number of a code, which dcaf takes within 32 bits; it has not got the names of later registrations.
fn number(names: &[(&str, i32)], code: &Json) -> Result<i32, Refusal> {
    match (names.iter().find(|each| json!(each.0) == *code), code.as_i64()) {
        (Some(known), _) => Ok(known.1),
        (None, Some(number)) => i32::try_from(number).map_err(refused),
        _ => Err(Refusal::Unsupported),
    }
}

fn text(json: &Json) -> Result<Option<String>, Refusal> {
    match json {
        Json::Null => Ok(None),
        Json::String(text) => Ok(Some(text.clone())),
        _ => Err(refused("not a text")),
    }
}

fn present<T>(json: &Json, read: impl Fn(&Json) -> Result<T, Refusal>) -> Result<Option<T>, Refusal> {
    if json.is_null() { Ok(None) } else { read(json).map(Some) }
}

fn scope_to_json(scope: &Scope) -> Json {
    match Value::from(scope.clone()) {
        Value::Bytes(bytes) => json!(to_base64(&bytes)),
        Value::Text(text) => json!(text),
        other => {
            let mut cbor = Vec::new();
            ciborium::ser::into_writer(&other, &mut cbor).unwrap();
            json!(to_base64(&cbor))
        }
    }
}

fn scope_from_json(json: &Json) -> Result<Scope, Refusal> {
    let text = json.as_str().ok_or(Refusal::Unsupported)?;
    Ok(Scope::TextEncoded(TextEncodedScope::try_from(text).map_err(refused)?))
}

fn cnf_to_json(key: &ProofOfPossessionKey) -> Answer {
    match key {
        ProofOfPossessionKey::PlainCoseKey(key) => Ok(json!({ "jwk": key_to_jwk(key)? })),
        ProofOfPossessionKey::KeyId(kid) => Ok(json!({ "kid": opaque_to_text(kid) })),
        ProofOfPossessionKey::EncryptedCoseKey(_) => Err(Refusal::Unsupported),
    }
}

fn cnf_from_json(json: &Json) -> Result<ProofOfPossessionKey, Refusal> {
    if json.get("jwk").is_some() {
        return Ok(ProofOfPossessionKey::PlainCoseKey(key_from_jwk(&json["jwk"])?));
    }
    if json.get("kid").is_some() {
        return Ok(ProofOfPossessionKey::KeyId(opaque_from_text(&json["kid"])?));
    }
    Err(Refusal::Unsupported)
}

fn read<T: ToCborMap>(request: &Json) -> Result<T, Refusal> {
    T::deserialize_from(unhex(&request["hex"])?.as_slice()).map_err(refused)
}

fn write(message: impl ToCborMap) -> Answer {
    let mut cbor = Vec::new();
    message.serialize_into(&mut cbor).map_err(refused)?;
    Ok(json!({ "hex": hex::encode(cbor) }))
}

/// The members that are there. dcaf reports no violations, and refuses unknown members.
fn told(members: Vec<(&str, Option<Json>)>) -> Answer {
    let value: Map<String, Json> = members.into_iter().filter_map(|(name, value)| Some((name.into(), value?))).collect();
    Ok(json!({ "value": value, "violations": null }))
}

fn decode(request: &Json) -> Answer {
    match request["message"].as_str().unwrap_or("") {
        "error-response" => {
            let message: ErrorResponse = read(request)?;
            told(vec![
                ("error", Some(code(&ERRORS, message.error.into()))),
                ("error_description", message.description.map(Json::from)),
                ("error_uri", message.uri.map(Json::from)),
            ])
        }
        "token-request" => {
            let message: AccessTokenRequest = read(request)?;
            told(vec![
                ("grant_type", message.grant_type.map(|grant| code(&GRANTS, grant.into()))),
                ("client_id", message.client_id.map(Json::from)),
                ("audience", message.audience.map(Json::from)),
                ("redirect_uri", message.redirect_uri.map(Json::from)),
                ("scope", message.scope.as_ref().map(scope_to_json)),
                ("ace_profile", message.ace_profile.map(|()| Json::Null)),
                ("cnonce", message.client_nonce.map(|bytes| json!(to_base64(&bytes)))),
                ("req_cnf", message.req_cnf.as_ref().map(cnf_to_json).transpose()?),
                ("iss", message.issuer.map(Json::from)),
            ])
        }
        "token-response" => {
            let message: AccessTokenResponse = read(request)?;
            told(vec![
                ("access_token", Some(json!(opaque_to_text(&message.access_token)))),
                ("token_type", message.token_type.map(|token| code(&TOKENS, token.into()))),
                ("expires_in", message.expires_in.map(Json::from)),
                ("scope", message.scope.as_ref().map(scope_to_json)),
                ("refresh_token", message.refresh_token.map(|bytes| json!(opaque_to_text(&bytes)))),
                ("ace_profile", message.ace_profile.map(|profile| code(&PROFILES, profile.into()))),
                ("cnf", message.cnf.as_ref().map(cnf_to_json).transpose()?),
                ("rs_cnf", message.rs_cnf.as_ref().map(cnf_to_json).transpose()?),
                ("iat", message.issued_at.map(|time| match time {
                    Timestamp::WholeSeconds(seconds) => json!(seconds),
                    Timestamp::FractionalSeconds(seconds) => json!(seconds),
                })),
            ])
        }
        "creation-hints" => {
            let message: AuthServerRequestCreationHint = read(request)?;
            told(vec![
                ("AS", message.auth_server.map(Json::from)),
                ("kid", message.kid.map(|bytes| json!(opaque_to_text(&bytes)))),
                ("audience", message.audience.map(Json::from)),
                ("scope", message.scope.as_ref().map(scope_to_json)),
                ("cnonce", message.client_nonce.map(|bytes| json!(to_base64(&bytes)))),
            ])
        }
        "aif" => {
            let data = unhex(&request["hex"])?;
            let item: Value = ciborium::de::from_reader(data.as_slice()).map_err(refused)?;
            let Scope::AifEncoded(scope) = Scope::try_from(item).map_err(refused)? else { return Err(refused("no AIF")) };
            let entries = scope.elements().iter().map(|entry| json!([entry.path, entry.permissions.bits()]));
            Ok(json!({ "value": entries.collect::<Vec<_>>() }))
        }
        "cose-key" => {
            let value = key_to_jwk(&CoseKey::from_slice(&unhex(&request["hex"])?).map_err(refused)?)?;
            Ok(if value.is_null() { json!({}) } else { json!({ "value": value }) })
        }
        _ => Err(Refusal::Unsupported),
    }
}

fn encode(request: &Json) -> Answer {
    let value = &request["value"];
    let known = |names: &[&str]| match value.as_object() {
        Some(members) if members.keys().all(|name| names.contains(&name.as_str())) => Ok(()),
        _ => Err(Refusal::Unsupported),
    };
    match request["message"].as_str().unwrap_or("") {
        "error-response" => {
            known(&["error", "error_description", "error_uri"])?;
            write(ErrorResponse {
                error: ErrorCode::from(number(&ERRORS, &value["error"])?),
                description: text(&value["error_description"])?,
                uri: text(&value["error_uri"])?,
            })
        }
        "token-request" => {
            known(&["grant_type", "client_id", "audience", "redirect_uri", "scope", "ace_profile", "cnonce", "req_cnf", "iss"])?;
            let mut message = AccessTokenRequest::default();
            message.grant_type = present(&value["grant_type"], |json| Ok(GrantType::from(number(&GRANTS, json)?)))?;
            message.client_id = text(&value["client_id"])?;
            message.audience = text(&value["audience"])?;
            message.redirect_uri = text(&value["redirect_uri"])?;
            message.scope = present(&value["scope"], scope_from_json)?;
            message.ace_profile = value.get("ace_profile").map(|_| ());
            message.client_nonce = present(&value["cnonce"], from_base64)?;
            message.req_cnf = present(&value["req_cnf"], cnf_from_json)?;
            message.issuer = text(&value["iss"])?;
            write(message)
        }
        "token-response" => {
            known(&["access_token", "token_type", "expires_in", "scope", "refresh_token", "ace_profile", "cnf", "rs_cnf", "iat"])?;
            let mut message = AccessTokenResponse::default();
            message.access_token = opaque_from_text(&value["access_token"])?;
            message.token_type = present(&value["token_type"], |json| Ok(TokenType::from(number(&TOKENS, json)?)))?;
            message.expires_in = present(&value["expires_in"], |json| u32::try_from(json.as_u64().unwrap_or(u64::MAX)).map_err(refused))?;
            message.scope = present(&value["scope"], scope_from_json)?;
            message.refresh_token = present(&value["refresh_token"], opaque_from_text)?;
            message.ace_profile = present(&value["ace_profile"], |json| Ok(AceProfile::from(number(&PROFILES, json)?)))?;
            message.cnf = present(&value["cnf"], cnf_from_json)?;
            message.rs_cnf = present(&value["rs_cnf"], cnf_from_json)?;
            message.issued_at = present(&value["iat"], |json| json.as_i64().map(Timestamp::WholeSeconds).ok_or(Refusal::Unsupported))?;
            write(message)
        }
        "creation-hints" => {
            known(&["AS", "kid", "audience", "scope", "cnonce"])?;
            let mut message = AuthServerRequestCreationHint::default();
            message.auth_server = text(&value["AS"])?;
            message.kid = present(&value["kid"], opaque_from_text)?;
            message.audience = text(&value["audience"])?;
            message.scope = present(&value["scope"], scope_from_json)?;
            message.client_nonce = present(&value["cnonce"], from_base64)?;
            write(message)
        }
        "cose-key" => Ok(json!({ "hex": hex::encode(key_from_jwk(value)?.to_vec().map_err(refused)?) })),
        _ => Err(Refusal::Unsupported),
    }
}

struct Cipher;

fn bytes(key: &CoseKey, label: i64) -> Vec<u8> {
    match key.params.iter().find(|(each, _)| *each == Label::Int(label)) {
        Some((_, Value::Bytes(bytes))) => bytes.clone(),
        _ => Vec::new(),
    }
}

impl CoseCipher for Cipher {
    type Error = String;

    fn set_headers<R: rand::RngCore + rand::CryptoRng>(
        key: &CoseKey,
        unprotected: &mut Header,
        _: &mut Header,
        _: R,
    ) -> Result<(), CoseCipherError<String>> {
        unprotected.key_id = key.key_id.clone();
        Ok(())
    }
}

impl CoseSignCipher for Cipher {
    fn sign(key: &CoseKey, data: &[u8], _: &Header, protected: &Header) -> Vec<u8> {
        let d = bytes(key, -4);
        match &protected.alg {
            Some(RegisteredLabelWithPrivate::Assigned(Algorithm::EdDSA)) => {
                ed25519_dalek::SigningKey::from_bytes(&d.try_into().unwrap()).sign(data).to_vec()
            }
            _ => {
                let signature: p256::ecdsa::Signature = p256::ecdsa::SigningKey::from_slice(&d).unwrap().sign(data);
                signature.to_vec()
            }
        }
    }

    fn verify(
        key: &CoseKey,
        signature: &[u8],
        data: &[u8],
        _: &Header,
        protected: &ProtectedHeader,
        _: Option<&Header>,
        _: Option<&ProtectedHeader>,
    ) -> Result<(), CoseCipherError<String>> {
        let verified = match &protected.header.alg {
            Some(RegisteredLabelWithPrivate::Assigned(Algorithm::EdDSA)) => bytes(key, -2).try_into().ok().and_then(|x| {
                let key = ed25519_dalek::VerifyingKey::from_bytes(&x).ok()?;
                key.verify(data, &ed25519_dalek::Signature::from_slice(signature).ok()?).ok()
            }),
            Some(RegisteredLabelWithPrivate::Assigned(Algorithm::ES256)) => {
                let point = [vec![4], bytes(key, -2), bytes(key, -3)].concat();
                p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).ok().and_then(|key| {
                    key.verify(data, &p256::ecdsa::Signature::from_slice(signature).ok()?).ok()
                })
            }
            _ => None,
        };
        verified.ok_or(CoseCipherError::VerificationFailure)
    }
}

/// The token with its tag: dcaf writes and reads COSE_Sign1 without one.
fn protect(request: &Json) -> Answer {
    let alg = match request["alg"].as_str() {
        Some("ES256") => Algorithm::ES256,
        Some("EdDSA") => Algorithm::EdDSA,
        _ => return Err(Refusal::Unsupported),
    };
    let claims = ClaimsSet::from_slice(&unhex(&request["payload"])?).map_err(refused)?;
    let external = unhex(&request["externalAad"])?;
    let protected = HeaderBuilder::new().algorithm(alg).build();
    let key = key_from_jwk(&request["key"])?;
    let token = sign_access_token::<Cipher, _>(&key, claims, Some(&external), None, Some(protected), rand::rngs::OsRng);
    Ok(json!({ "hex": format!("d2{}", hex::encode(token.map_err(refused)?)) }))
}

fn open(request: &Json) -> Answer {
    let data = unhex(&request["hex"])?;
    let Some((0xd2, token)) = data.split_first() else { return Err(Refusal::Unsupported) };
    let token = token.to_vec();
    let external = unhex(&request["externalAad"])?;
    let mut refusal = refused("no key verifies it");
    for jwk in request["keys"].as_array().into_iter().flatten() {
        match verify_access_token::<Cipher>(&key_from_jwk(jwk)?, &token, Some(&external)) {
            Err(error) => refusal = refused(error),
            Ok(()) => {
                let message = CoseSign1::from_slice(&token).map_err(refused)?;
                let Some(RegisteredLabelWithPrivate::Assigned(alg)) = message.protected.header.alg else { return Err(Refusal::Unsupported) };
                let name = if alg.to_i64() == -8 { "EdDSA" } else { "ES256" };
                return Ok(json!({ "structure": "sign1", "alg": name, "payload": hex::encode(message.payload.unwrap_or_default()) }));
            }
        }
    }
    Err(refusal)
}

/// How long reading a message takes, in nanoseconds, without the line protocol: for the benchmarks of ace-oauth.
fn bench(request: &Json) -> Answer {
    fn timed<T: ToCborMap>(data: &[u8], times: u64) -> u128 {
        let start = std::time::Instant::now();
        for _ in 0..times {
            std::hint::black_box(T::deserialize_from(std::hint::black_box(data)).is_ok());
        }
        start.elapsed().as_nanos()
    }
    let (data, times) = (unhex(&request["hex"])?, request["times"].as_u64().unwrap_or(1));
    let total = match request["message"].as_str().unwrap_or("") {
        "error-response" => timed::<ErrorResponse>(&data, times),
        "token-request" => timed::<AccessTokenRequest>(&data, times),
        "token-response" => timed::<AccessTokenResponse>(&data, times),
        "creation-hints" => timed::<AuthServerRequestCreationHint>(&data, times),
        _ => return Err(Refusal::Unsupported),
    };
    Ok(json!({ "nanoseconds": total as f64 / times as f64 }))
}

fn main() {
    serve("dcaf", "0.4.0", |op, request| match op {
        "decode" => decode(request),
        "encode" => encode(request),
        "cose-open" => open(request),
        "cose-protect" => protect(request),
        "bench" => bench(request),
        _ => Err(Refusal::Unsupported),
    });
}
