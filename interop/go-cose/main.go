// go-cose behind the line protocol: COSE_Sign1 and COSE_Key.
package main

import (
	"crypto/rand"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"

	"ace-oauth.invalid/interop/shared"
	"github.com/veraison/go-cose"
)

func decode(request shared.Request) (shared.Answer, error) {
	if request.Message != "cose-key" {
		return nil, shared.ErrUnsupported
	}
	var key cose.Key
	if err := key.UnmarshalCBOR(shared.Unhex(request.Hex)); err != nil {
		return nil, err
	}
	var jwk shared.JWK
	if key.ID != nil {
		kid := shared.OpaqueToText(key.ID)
		jwk.Kid = &kid
	}
	if key.Algorithm != 0 {
		if jwk.Alg = nameOf(algorithms, key.Algorithm); jwk.Alg == "" {
			return nil, shared.ErrUnsupported
		}
	}
	switch key.Type {
	case cose.KeyTypeSymmetric:
		k := shared.ToBase64(key.Symmetric())
		jwk.Kty, jwk.K = "oct", &k
	case cose.KeyTypeEC2:
		crv, x, y, d := key.EC2()
		jwk.Kty, jwk.Crv, jwk.X, jwk.Y, jwk.D = "EC", nameOf(curves, crv), shared.ToBase64(x), shared.ToBase64(y), shared.ToBase64(d)
	case cose.KeyTypeOKP:
		crv, x, d := key.OKP()
		jwk.Kty, jwk.Crv, jwk.X, jwk.D = "OKP", nameOf(curves, crv), shared.ToBase64(x), shared.ToBase64(d)
	default:
		return nil, shared.ErrUnsupported
	}
	return shared.Answer{"value": jwk}, nil
}

func encode(request shared.Request) (shared.Answer, error) {
	if request.Message != "cose-key" {
		return nil, shared.ErrUnsupported
	}
	var jwk shared.JWK
	if err := json.Unmarshal(request.Value, &jwk); err != nil {
		return nil, err
	}
	key, err := keyOf(jwk)
	if err != nil {
		return nil, err
	}
	bytes, err := key.MarshalCBOR()
	return shared.Answer{"hex": hex.EncodeToString(bytes)}, err
}

func verifierOf(jwk shared.JWK) (cose.Verifier, error) {
	key, err := keyOf(jwk)
	if err != nil {
		return nil, err
	}
	return key.Verifier()
}

func open(request shared.Request) (shared.Answer, error) {
	data := shared.Unhex(request.Hex)
	// Other structures, and the tag of CWT around one, the library does not have.
	if len(data) > 1 && (data[0] == 0xd0 || data[0] == 0xd1 || data[0] == 0xd8 && data[1] == 61) {
		return nil, shared.ErrUnsupported
	}
	var message cose.Sign1Message
	if err := message.UnmarshalCBOR(data); err != nil {
		return nil, err
	}
	refusal := errors.New("no key verifies it")
	for _, jwk := range request.Keys {
		verifier, err := verifierOf(jwk)
		if err == nil {
			err = message.Verify(shared.Unhex(request.ExternalAAD), verifier)
		}
		if err == nil {
			alg, _ := message.Headers.Protected.Algorithm()
			return shared.Answer{"structure": "sign1", "alg": nameOf(algorithms, alg), "payload": hex.EncodeToString(message.Payload)}, nil
		}
		refusal = err
	}
	return nil, refusal
}

func protect(request shared.Request) (shared.Answer, error) {
	alg, found := algorithms[request.Alg]
	if !found {
		return nil, shared.ErrUnsupported
	}
	key, err := keyOf(request.Key)
	if err != nil {
		return nil, err
	}
	signer, err := key.Signer()
	if err != nil {
		return nil, err
	}
	headers := cose.Headers{Protected: cose.ProtectedHeader{cose.HeaderLabelAlgorithm: alg}}
	if key.ID != nil {
		headers.Unprotected = cose.UnprotectedHeader{cose.HeaderLabelKeyID: key.ID}
	}
	data, err := cose.Sign1(rand.Reader, signer, headers, shared.Unhex(request.Payload), shared.Unhex(request.ExternalAAD))
	return shared.Answer{"hex": hex.EncodeToString(data)}, err
}

func main() {
	shared.Serve("go-cose", "1.3.0", map[string]func(shared.Request) (shared.Answer, error){
		"decode": decode, "encode": encode, "cose-open": open, "cose-protect": protect, "bench": bench,
	})
}
