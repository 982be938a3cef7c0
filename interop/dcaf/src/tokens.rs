// Signed access tokens. dcaf has no cryptography: it gives the bytes to sign to a cipher of its user.

use coset::cwt::ClaimsSet;
use coset::iana::Algorithm;
use coset::{CborSerializable, CoseKey, CoseSign1, Header, HeaderBuilder, ProtectedHeader, RegisteredLabelWithPrivate};
use dcaf::error::CoseCipherError;
use dcaf::token::CoseCipher;
use dcaf::{sign_access_token, verify_access_token, CoseSignCipher};
use serde_json::{json, Value as Json};

use crate::driver::{key_from_jwk, refused, unhex, Answer, Refusal};
use crate::signature::{sign, verify};

struct Cipher;

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
        let made = algorithm(protected).and_then(|alg| sign(alg, key, data));
        made.unwrap_or_else(|_| panic!("a key that does not sign"))
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
        let verified = algorithm(&protected.header).and_then(|alg| verify(alg, key, signature, data));
        verified.map_err(|_| CoseCipherError::VerificationFailure)
    }
}

fn algorithm(header: &Header) -> Result<Algorithm, Refusal> {
    match header.alg {
        Some(RegisteredLabelWithPrivate::Assigned(alg @ (Algorithm::ES256 | Algorithm::EdDSA))) => Ok(alg),
        _ => Err(Refusal::Unsupported),
    }
}

/// The token with its tag: dcaf writes and reads COSE_Sign1 without one.
pub fn protect(request: &Json) -> Answer {
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

pub fn open(request: &Json) -> Answer {
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
                let name = if algorithm(&message.protected.header)? == Algorithm::EdDSA { "EdDSA" } else { "ES256" };
                return Ok(json!({ "structure": "sign1", "alg": name, "payload": hex::encode(message.payload.unwrap_or_default()) }));
            }
        }
    }
    Err(refusal)
}
