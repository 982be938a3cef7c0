// The ciphers that the drivers in Rust bring to their libraries, which have none: p256 and ed25519-dalek.

use ciborium::value::Value;
use coset::iana::Algorithm;
use coset::{CoseKey, Label};
use p256::ecdsa::signature::{Signer, Verifier};

use crate::driver::{refused, Refusal};

/// A parameter of a key.
pub fn parameter(key: &CoseKey, label: i64) -> Result<&[u8], Refusal> {
    match key.params.iter().find(|(each, _)| *each == Label::Int(label)) {
        Some((_, Value::Bytes(bytes))) => Ok(bytes),
        _ => Err(refused("the key lacks a parameter")),
    }
}

pub fn sign(alg: Algorithm, key: &CoseKey, data: &[u8]) -> Result<Vec<u8>, Refusal> {
    if alg == Algorithm::EdDSA {
        let d = parameter(key, -4)?.try_into().map_err(refused)?;
        return Ok(ed25519_dalek::SigningKey::from_bytes(&d).sign(data).to_vec());
    }
    let key = p256::ecdsa::SigningKey::from_slice(parameter(key, -4)?).map_err(refused)?;
    let signature: p256::ecdsa::Signature = key.sign(data);
    Ok(signature.to_vec())
}

pub fn verify(alg: Algorithm, key: &CoseKey, signature: &[u8], data: &[u8]) -> Result<(), Refusal> {
    if alg == Algorithm::EdDSA {
        let x = parameter(key, -2)?.try_into().map_err(refused)?;
        let signature = ed25519_dalek::Signature::from_slice(signature).map_err(refused)?;
        return ed25519_dalek::VerifyingKey::from_bytes(&x).map_err(refused)?.verify(data, &signature).map_err(refused);
    }
    let point = [&[4], parameter(key, -2)?, parameter(key, -3)?].concat();
    let signature = p256::ecdsa::Signature::from_slice(signature).map_err(refused)?;
    p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).map_err(refused)?.verify(data, &signature).map_err(refused)
}
