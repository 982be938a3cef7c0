// coset behind the line protocol: COSE_Sign1, COSE_Mac0 and COSE_Key. coset has no cryptography: it gives the bytes to sign to
// a function of its user, which here is p256, ed25519-dalek or hmac.

#[path = "../../shared/driver.rs"]
mod driver;
#[path = "../../shared/signature.rs"]
mod signature;

use coset::iana::{Algorithm, EnumI64};
use coset::{
    CborSerializable, CoseKey, CoseMac0, CoseMac0Builder, CoseSign1, CoseSign1Builder, Header, HeaderBuilder,
    ProtectedHeader, RegisteredLabelWithPrivate, TaggedCborSerializable,
};
use driver::{key_from_jwk, key_to_jwk, refused, serve, unhex, Answer, Refusal};
use hmac::{Hmac, Mac};
use serde_json::{json, Value as Json};
use sha2::Sha256;
use signature::{parameter, sign, verify};

const NAMES: [(&str, Algorithm); 4] = [
    ("ES256", Algorithm::ES256),
    ("EdDSA", Algorithm::EdDSA),
    ("HMAC 256/64", Algorithm::HMAC_256_64),
    ("HMAC 256/256", Algorithm::HMAC_256_256),
];

fn tag(alg: Algorithm, key: &CoseKey, data: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut mac = Hmac::<Sha256>::new_from_slice(parameter(key, -1)?).map_err(refused)?;
    mac.update(data);
    let full = mac.finalize().into_bytes().to_vec();
    Ok(if alg == Algorithm::HMAC_256_64 { full[..8].to_vec() } else { full })
}

fn algorithm(protected: &ProtectedHeader, unprotected: &Header) -> Result<(&'static str, Algorithm), Refusal> {
    match protected.header.alg.as_ref().or(unprotected.alg.as_ref()) {
        Some(RegisteredLabelWithPrivate::Assigned(alg)) => {
            NAMES.into_iter().find(|(_, each)| each == alg).ok_or(Refusal::Unsupported)
        }
        _ => Err(refused("no algorithm")),
    }
}

#[allow(deprecated)] // verify_tag, whose successor takes an error function
fn open(request: &Json) -> Answer {
    let data = unhex(&request["hex"])?;
    let external = unhex(&request["externalAad"])?;
    let mut refusal = refused("no key verifies it");
    let keys = request["keys"].as_array().ok_or_else(|| refused("keys"))?.iter().map(key_from_jwk);
    if data.first() == Some(&0xd2) {
        let message = CoseSign1::from_tagged_slice(&data).map_err(refused)?;
        let (name, alg) = algorithm(&message.protected, &message.unprotected)?;
        for key in keys {
            let verified = key.and_then(|key| message.verify_signature(&external, |signature, data| verify(alg, &key, signature, data)));
            match verified {
                Ok(()) => return Ok(json!({ "structure": "sign1", "alg": name, "payload": hex::encode(message.payload.unwrap_or_default()) })),
                Err(error) => refusal = error,
            }
        }
        return Err(refusal);
    }
    if data.first() == Some(&0xd1) {
        let message = CoseMac0::from_tagged_slice(&data).map_err(refused)?;
        let (name, alg) = algorithm(&message.protected, &message.unprotected)?;
        for key in keys {
            let verified = key.and_then(|key| {
                message.verify_tag(&external, |given, data| {
                    if tag(alg, &key, data)? == given { Ok(()) } else { Err(refused("another tag")) }
                })
            });
            match verified {
                Ok(()) => return Ok(json!({ "structure": "mac0", "alg": name, "payload": hex::encode(message.payload.unwrap_or_default()) })),
                Err(error) => refusal = error,
            }
        }
        return Err(refusal);
    }
    Err(Refusal::Unsupported)
}

fn protect(request: &Json) -> Answer {
    let (_, alg) = NAMES.into_iter().find(|(name, _)| json!(name) == request["alg"]).ok_or(Refusal::Unsupported)?;
    let key = key_from_jwk(&request["key"])?;
    let external = unhex(&request["externalAad"])?;
    let payload = unhex(&request["payload"])?;
    let protected = HeaderBuilder::new().algorithm(alg).build();
    let mut unprotected = HeaderBuilder::new();
    if !key.key_id.is_empty() {
        unprotected = unprotected.key_id(key.key_id.clone());
    }
    let unprotected = unprotected.build();
    let made = if alg.to_i64() < 0 {
        CoseSign1Builder::new().protected(protected).unprotected(unprotected).payload(payload)
            .try_create_signature(&external, |data| sign(alg, &key, data))?.build().to_tagged_vec()
    } else {
        CoseMac0Builder::new().protected(protected).unprotected(unprotected).payload(payload)
            .try_create_tag(&external, |data| tag(alg, &key, data))?.build().to_tagged_vec()
    };
    Ok(json!({ "hex": hex::encode(made.map_err(refused)?) }))
}

fn main() {
    serve("coset", "0.4.2", |op, request| match (op, request["message"].as_str()) {
        ("decode", Some("cose-key")) => {
            let value = key_to_jwk(&CoseKey::from_slice(&unhex(&request["hex"])?).map_err(refused)?)?;
            Ok(if value.is_null() { json!({}) } else { json!({ "value": value }) })
        }
        ("encode", Some("cose-key")) => {
            Ok(json!({ "hex": hex::encode(key_from_jwk(&request["value"])?.to_vec().map_err(refused)?) }))
        }
        ("cose-open", _) => open(request),
        ("cose-protect", _) => protect(request),
        _ => Err(Refusal::Unsupported),
    });
}
