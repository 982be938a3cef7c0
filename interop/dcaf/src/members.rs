// The members of the messages in JSON: codes, texts, scopes and confirmations; reading and writing a map.

use ciborium::value::Value;
use dcaf::common::cbor_values::ProofOfPossessionKey;
use dcaf::common::scope::{Scope, TextEncodedScope};
use dcaf::ToCborMap;
use serde_json::{json, Value as Json};

use crate::driver::{
    key_from_jwk, key_to_jwk, opaque_from_text, opaque_to_text, refused, to_base64, unhex, Answer, Refusal,
};

pub const ERRORS: [(&str, i32); 8] = [
    ("invalid_request", 1), ("invalid_client", 2), ("invalid_grant", 3), ("unauthorized_client", 4),
    ("unsupported_grant_type", 5), ("invalid_scope", 6), ("unsupported_pop_key", 7), ("incompatible_ace_profiles", 8),
];
pub const GRANTS: [(&str, i32); 4] =
    [("password", 0), ("authorization_code", 1), ("client_credentials", 2), ("refresh_token", 3)];
pub const TOKENS: [(&str, i32); 2] = [("Bearer", 1), ("PoP", 2)];
pub const PROFILES: [(&str, i32); 2] = [("coap_dtls", 1), ("coap_oscore", 2)];

pub fn code(names: &[(&str, i32)], number: i32) -> Json {
    names.iter().find(|each| each.1 == number).map_or(json!(number), |each| json!(each.0))
}

/// The number of a code, which dcaf takes within 32 bits; it has not got the names of later registrations.
pub fn number(names: &[(&str, i32)], code: &Json) -> Result<i32, Refusal> {
    match (names.iter().find(|each| json!(each.0) == *code), code.as_i64()) {
        (Some(known), _) => Ok(known.1),
        (None, Some(number)) => i32::try_from(number).map_err(refused),
        _ => Err(Refusal::Unsupported),
    }
}

pub fn text(json: &Json) -> Result<Option<String>, Refusal> {
    match json {
        Json::Null => Ok(None),
        Json::String(text) => Ok(Some(text.clone())),
        _ => Err(refused("not a text")),
    }
}

pub fn present<T>(json: &Json, read: impl Fn(&Json) -> Result<T, Refusal>) -> Result<Option<T>, Refusal> {
    if json.is_null() { Ok(None) } else { read(json).map(Some) }
}

pub fn scope_to_json(scope: &Scope) -> Json {
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

pub fn scope_from_json(json: &Json) -> Result<Scope, Refusal> {
    let text = json.as_str().ok_or(Refusal::Unsupported)?;
    Ok(Scope::TextEncoded(TextEncodedScope::try_from(text).map_err(refused)?))
}

pub fn cnf_to_json(key: &ProofOfPossessionKey) -> Answer {
    match key {
        ProofOfPossessionKey::PlainCoseKey(key) => match key_to_jwk(key)? {
            // A key that JWK has no words for.
            Json::Null => Err(Refusal::Unsupported),
            jwk => Ok(json!({ "jwk": jwk })),
        },
        ProofOfPossessionKey::KeyId(kid) => Ok(json!({ "kid": opaque_to_text(kid) })),
        ProofOfPossessionKey::EncryptedCoseKey(_) => Err(Refusal::Unsupported),
    }
}

pub fn cnf_from_json(json: &Json) -> Result<ProofOfPossessionKey, Refusal> {
    if json.get("jwk").is_some() {
        return Ok(ProofOfPossessionKey::PlainCoseKey(key_from_jwk(&json["jwk"])?));
    }
    if json.get("kid").is_some() {
        return Ok(ProofOfPossessionKey::KeyId(opaque_from_text(&json["kid"])?));
    }
    Err(Refusal::Unsupported)
}

pub fn read<T: ToCborMap>(request: &Json) -> Result<T, Refusal> {
    T::deserialize_from(unhex(&request["hex"])?.as_slice()).map_err(refused)
}

pub fn write(message: impl ToCborMap) -> Answer {
    let mut cbor = Vec::new();
    message.serialize_into(&mut cbor).map_err(refused)?;
    Ok(json!({ "hex": hex::encode(cbor) }))
}
