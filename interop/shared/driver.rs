// What the drivers in Rust share: the line protocol of ../../vectors/README.md, JWK, and JSON for opaque bytes. The names of
// coset come from the crate that includes this file, for each driver has the coset of its library.

use std::io::{BufRead, Write};

use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
use ciborium::value::Value;
use coset::iana::{self, EnumI64};
use coset::{CoseKey, Label, RegisteredLabel, RegisteredLabelWithPrivate};
use serde_json::{json, Map, Value as Json};

pub enum Refusal {
    Unsupported,
    Refused(String),
}

/// Whatever the library gives as an error is its refusal.
pub fn refused(error: impl std::fmt::Debug) -> Refusal {
    Refusal::Refused(format!("{error:?}"))
}

pub type Answer = Result<Json, Refusal>;

pub fn to_base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn from_base64(json: &Json) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(json.as_str().unwrap_or("*")).map_err(refused)
}

pub fn unhex(json: &Json) -> Result<Vec<u8>, Refusal> {
    hex::decode(json.as_str().unwrap_or("")).map_err(refused)
}

/// Bytes in JSON: the text that they are, a CWT in base64url, or ~ and their base64url.
pub fn opaque_to_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with('~') && !text.chars().any(|c| (c as u32) < 32 || c as u32 == 127) => text.into(),
        _ if is_cose(bytes) => to_base64(bytes),
        _ => format!("~{}", to_base64(bytes)),
    }
}

pub fn opaque_from_text(json: &Json) -> Result<Vec<u8>, Refusal> {
    let text = json.as_str().ok_or_else(|| refused("a text"))?;
    if let Some(rest) = text.strip_prefix('~') {
        return from_base64(&json!(rest));
    }
    match URL_SAFE_NO_PAD.decode(text) {
        Ok(bytes) if is_cose(&bytes) => Ok(bytes),
        _ => Ok(text.as_bytes().to_vec()),
    }
}

fn is_cose(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let Ok(mut item) = ciborium::de::from_reader::<Value, _>(&mut rest) else { return false };
    while let Value::Tag(_, inner) = item {
        item = *inner;
    }
    match item {
        Value::Array(parts) => rest.is_empty() && (3..=5).contains(&parts.len()) && parts[0].is_bytes() && parts[1].is_map(),
        _ => false,
    }
}

const ALGORITHMS: [(&str, i64); 15] = [
    ("ES256", -7), ("ES384", -35), ("EdDSA", -8), ("HMAC 256/64", 4), ("HS256", 5), ("HS384", 6), ("HS512", 7),
    ("AES-CCM-16-64-128", 10), ("AES-CCM-16-64-256", 11), ("AES-CCM-16-128-128", 30), ("AES-CCM-16-128-256", 31),
    ("A128GCM", 1), ("A192GCM", 2), ("A256GCM", 3), ("ChaCha20/Poly1305", 24),
];
const CURVES: [(&str, i64); 5] = [("P-256", 1), ("P-384", 2), ("P-521", 3), ("X25519", 4), ("Ed25519", 6)];
const TYPES: [(&str, i64); 3] = [("OKP", 1), ("EC", 2), ("oct", 4)];

fn number(names: &[(&str, i64)], name: &Json) -> Result<i64, Refusal> {
    names.iter().find(|each| json!(each.0) == *name).map(|each| each.1).ok_or(Refusal::Unsupported)
}

fn name<'a>(names: &[(&'a str, i64)], number: i64) -> Result<&'a str, Refusal> {
    names.iter().find(|each| each.1 == number).map(|each| each.0).ok_or(Refusal::Unsupported)
}

pub fn key_from_jwk(jwk: &Json) -> Result<CoseKey, Refusal> {
    let mut key = CoseKey::default();
    let kty = number(&TYPES, &jwk["kty"])?;
    key.kty = RegisteredLabel::Assigned(iana::KeyType::from_i64(kty).ok_or(Refusal::Unsupported)?);
    if jwk.get("kid").is_some() {
        key.key_id = opaque_from_text(&jwk["kid"])?;
    }
    if jwk.get("alg").is_some() {
        let alg = iana::Algorithm::from_i64(number(&ALGORITHMS, &jwk["alg"])?).ok_or(Refusal::Unsupported)?;
        key.alg = Some(RegisteredLabelWithPrivate::Assigned(alg));
    }
    if kty == 4 {
        key.params.push((Label::Int(-1), Value::Bytes(from_base64(&jwk["k"])?)));
        return Ok(key);
    }
    key.params.push((Label::Int(-1), Value::from(number(&CURVES, &jwk["crv"])?)));
    for (member, label) in [("x", -2), ("y", -3), ("d", -4)] {
        if jwk.get(member).is_some() {
            key.params.push((Label::Int(label), Value::Bytes(from_base64(&jwk[member])?)));
        }
    }
    Ok(key)
}

pub fn key_to_jwk(key: &CoseKey) -> Answer {
    let mut jwk = Map::new();
    let RegisteredLabel::Assigned(kty) = &key.kty else { return Err(Refusal::Unsupported) };
    jwk.insert("kty".into(), json!(name(&TYPES, kty.to_i64())?));
    if !key.key_id.is_empty() {
        jwk.insert("kid".into(), json!(opaque_to_text(&key.key_id)));
    }
    if let Some(alg) = &key.alg {
        let RegisteredLabelWithPrivate::Assigned(alg) = alg else { return Err(Refusal::Unsupported) };
        jwk.insert("alg".into(), json!(name(&ALGORITHMS, alg.to_i64())?));
    }
    for (label, value) in &key.params {
        match (kty.to_i64(), label, value) {
            (4, Label::Int(-1), Value::Bytes(k)) => jwk.insert("k".into(), json!(to_base64(k))),
            (_, Label::Int(-1), Value::Integer(crv)) => {
                jwk.insert("crv".into(), json!(name(&CURVES, i64::try_from(*crv).unwrap_or(0))?))
            }
            (_, Label::Int(-2), Value::Bytes(x)) => jwk.insert("x".into(), json!(to_base64(x))),
            (_, Label::Int(-3), Value::Bytes(y)) => jwk.insert("y".into(), json!(to_base64(y))),
            (_, Label::Int(-4), Value::Bytes(d)) => jwk.insert("d".into(), json!(to_base64(d))),
            // What JWK has no words for.
            _ => return Ok(Json::Null),
        };
    }
    Ok(Json::Object(jwk))
}

/// Answers each request by one function, which gives the members of the answer.
pub fn serve(library: &str, version: &str, answer: impl Fn(&str, &Json) -> Answer) {
    let mut output = std::io::stdout();
    for line in std::io::stdin().lock().lines() {
        let request: Json = serde_json::from_str(&line.unwrap()).unwrap();
        let op = request["op"].as_str().unwrap_or("");
        let mut told = match op {
            "describe" => Ok(json!({ "name": library, "version": version, "inputs": ["hex"], "deterministic": false })),
            _ if request.get("options").is_some() => Err(Refusal::Unsupported),
            _ => answer(op, &request),
        };
        if let Ok(Json::Object(members)) = &mut told {
            members.insert("ok".into(), json!(true));
        }
        let mut told = told.unwrap_or_else(|refusal| match refusal {
            Refusal::Unsupported => json!({ "ok": false, "reason": "unsupported" }),
            Refusal::Refused(message) => json!({ "ok": false, "reason": "refused", "message": message }),
        });
        told["id"] = request["id"].clone();
        writeln!(output, "{told}").unwrap();
        output.flush().unwrap();
    }
}
